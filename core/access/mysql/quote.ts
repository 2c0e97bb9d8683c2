const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\u001a": "\\Z",
  "\\": "\\\\",
  "'": "''",
};

/**
 * A text as a literal of SQL, on one line, where backslashes escape: not under `NO_BACKSLASH_ESCAPES` (MySQL manual,
 * "String Literals").
 */
export function quoteText(text: string): string {
  // deno-lint-ignore no-control-regex
  return `'${text.replace(/[\0\n\r\u001a\\']/g, (c) => ESCAPES[c] ?? c)}'`;
}

/** An account as `'USER'@'HOST'`. */
export function quoteAccount(username: string, host = "%"): string {
  return `${quoteText(username)}@${quoteText(host)}`;
}

/** A name of a database, table, column or routine, as an identifier of SQL. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
