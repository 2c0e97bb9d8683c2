/** A word that a POSIX shell reads back exactly. */
export function quoteForShell(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
