import type { styleText } from "node:util";

/** How text looks: `red`, or `["bold", "red"]`. */
export type Style = Parameters<typeof styleText>[0];

/** Text in a colour, for a terminal. */
export function paint(style: Style, text: string): string {
  // Imported at the start, `node:util` would cost every command a third of what Deno itself takes.
  // deno-lint-ignore no-process-global
  return process.getBuiltinModule("node:util")
    .styleText(style, text, { validateStream: false });
}
