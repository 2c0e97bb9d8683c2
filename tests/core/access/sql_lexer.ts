/** A token of SQL, as PostgreSQL's scan.l would cut it. */
export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string };

/** Reads up to a closing quote that is not doubled. */
function readQuoted(
  sql: string,
  start: number,
  options: { readonly escapes: boolean },
): { text: string; end: number } {
  const quote = sql[start];
  let text = "";
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql[at] ?? "";
    if (options.escapes && character === "\\") {
      at++;
      text += sql[at] ?? "";
    } else if (character !== quote) {
      text += character;
    } else if (sql[at + 1] === quote) {
      at++;
      text += quote;
    } else {
      return { text, end: at + 1 };
    }
  }
  throw new Error("unterminated quote");
}

/** The tokens of a statement. Comments and dollar quotes are errors: nothing of ours may look like one. */
export function tokens(sql: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const rest = sql.slice(at);
    const space = /^\s+/.exec(rest);
    const word = /^[A-Za-z_][A-Za-z_0-9]*/.exec(rest);
    if (/^(--|\/\*|\$)/.test(rest)) throw new Error("comment or dollar quote");
    if (space !== null) {
      at += space[0].length;
    } else if (rest.startsWith('"')) {
      const { text, end } = readQuoted(sql, at, { escapes: false });
      found.push({ kind: "name", text });
      at = end;
    } else if (rest.startsWith("'") || rest.startsWith("E'")) {
      const escapes = rest.startsWith("E");
      const { text, end } = readQuoted(sql, at + (escapes ? 1 : 0), {
        escapes,
      });
      found.push({ kind: "string", text });
      at = end;
    } else if (word !== null) {
      found.push({ kind: "word", text: word[0] });
      at += word[0].length;
    } else {
      found.push({ kind: "sign", text: sql[at] ?? "" });
      at++;
    }
  }
  return found;
}
