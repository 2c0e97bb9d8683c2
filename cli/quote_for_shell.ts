export { quoteForShell } from "../core/quote_for_shell.ts";
