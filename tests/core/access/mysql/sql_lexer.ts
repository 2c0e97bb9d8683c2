/** A token of SQL, as the servers cut it without `ANSI_QUOTES` and `NO_BACKSLASH_ESCAPES`. */
export type Token = {
  readonly kind: "word" | "name" | "string" | "sign";
  readonly text: string;
};

/** What a backslash and a character stand for (MySQL manual, table 11.1). */
const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  n: "\n",
  r: "\r",
  Z: "\u001a",
};

function readQuoted(sql: string, start: number) {
  const quote = sql[start] ?? "";
  let text = "";
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql[at] ?? "";
    if (quote === "'" && character === "\\") {
      const escaped = sql[++at] ?? "";
      text += ESCAPES[escaped] ?? escaped;
    } else if (character !== quote) text += character;
    else if (sql[at + 1] === quote) {
      at++;
      text += quote;
    } else return { text, end: at + 1 };
  }
  throw new Error("unterminated quote");
}

/** The tokens of a statement. Comments are errors: nothing of ours may look like one. */
export function tokens(sql: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const rest = sql.slice(at);
    if (/^(--|#|\/\*)/.test(rest)) throw new Error("comment");
    const space = /^\s+/.exec(rest);
    const word = /^[A-Za-z_][A-Za-z_0-9]*/.exec(rest);
    if (space !== null) at += space[0].length;
    else if (rest.startsWith("'") || rest.startsWith("`")) {
      const { text, end } = readQuoted(sql, at);
      found.push({ kind: rest.startsWith("'") ? "string" : "name", text });
      at = end;
    } else if (word !== null) {
      found.push({ kind: "word", text: word[0] });
      at += word[0].length;
    } else found.push({ kind: "sign", text: sql[at++] ?? "" });
  }
  return found;
}
