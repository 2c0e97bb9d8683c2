import { run } from "./run.ts";
import { createContext } from "./frame/create_context.ts";

const context = createContext();
const code = await run(Deno.args, context);
await context[Symbol.asyncDispose]();
Deno.exit(code);
