import { run } from "./app.ts";
import { createContext } from "./frame/context.ts";

const context = createContext();
const code = await run(Deno.args, context);
await context[Symbol.asyncDispose]();
Deno.exit(code);
