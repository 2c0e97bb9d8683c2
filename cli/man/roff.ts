/**
 * Text as man(7) shows it: what would be an escape or a request is none, and a dash is the one that is typed (groff_char(7)).
 */
export function roffText(text: string): string {
  return text.replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("`", "\\`")
    .replaceAll("'", "\\(aq")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll(/^\./gm, "\\&.")
    .replaceAll("…", "...");
}

/** A paragraph that hangs behind what it explains, which is set in bold. */
export function roffEntry(term: string, text: string): string {
  return `.TP\n${bold(term)}\n${roffText(text)}\n`;
}

/** Lines that are shown as they are, such as commands. */
export function roffLines(lines: readonly string[]): string {
  return [".nf", ...lines.map(roffText), ".fi", ""].join("\n");
}

/** Bold text; what stands in angle or square brackets is the user's to fill in, and in italics. */
export function bold(text: string): string {
  return roffText(text).replaceAll(
    /<([^<>]*)>/g,
    (_, name: string) => `\\fI${name}\\fB`,
  ).replace(/^(.*)$/, "\\fB$1\\fR");
}
