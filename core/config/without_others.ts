/**
 * The text of a configuration file without most of the targets that are not wanted: a file of thousands takes ten times as long
 * to read as a token to sign. Only tables that are plain and right by the look of each line are left out, each name once; all
 * else stays, and is read and checked as ever.
 *
 * @returns `undefined` where nothing can be left out without a doubt
 */
export function withoutOthers(
  text: string,
  wanted: string,
): string | undefined {
  // Within such a string, what looks like a table may be none.
  if (/"""|'''/.test(text)) return undefined;
  const gone = new Set<string>();
  let rest = "";
  let end = 0;
  for (
    const { 1: name = "", 2: sub = "", 0: table, index } of text.matchAll(
      PLAIN_TABLE,
    )
  ) {
    if (name === wanted) continue;
    if (gone.has(name + sub)) return undefined;
    gone.add(name + sub);
    rest += text.slice(end, index);
    end = index + table.length;
  }
  rest += text.slice(end);
  // A table that is left out may not stand in what is left as well.
  const isTwice = [...rest.matchAll(/^\s*\[+\s*targets\.([\w-]+)(\.admin)?/gm)]
    .some(([, name = "", sub = ""]) => gone.has(name + sub));
  const isOtherwise = /^\s*targets\s*[=.]/m.test(rest);
  return isTwice || isOtherwise ? undefined : rest;
}

/**
 * A target's table, whose host comes first as rdsiam writes it, or its administrator's, of keys with plain values; the name of
 * the target and what is below it.
 */
const PLAIN_TABLE =
  /^\[targets\.([\w-]+)(?:\]\nhost = "[^"\\\n]+"\n|(\.admin)\]\n)(?:(?:database|username|profile|region|role_arn) = "[^"\\\n]+"\n|port = [1-9]\d{0,3}\n|auth = "(?:iam|password)"\n|engine = "(?:postgres|mysql|mariadb)"\n)*\n*(?=\[|(?![^]))/gm;
