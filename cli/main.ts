import { run } from "./app.ts";
import { createContext } from "./context.ts";

Deno.exit(await run(Deno.args, createContext()));
