import { run } from "./app.ts";
import { createContext } from "./frame/context.ts";

Deno.exit(await run(Deno.args, createContext()));
