/** A section by its settings; the names of these in lower case. */
export type Section = Record<string, string>;

/**
 * Reads an AWS configuration file as the AWS CLI does: `=` or `:` after a name, comments in lines of their own, and values that
 * go on in indented lines. A value that begins in the line after its name holds settings of its own: they are put beside it as
 * `name.setting`. A section that is there twice counts as one.
 *
 * @see Python's `configparser.RawConfigParser` and botocore/configloader.py
 */
export function parseIni(text: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  let name: string | undefined;
  let isNested = false;
  for (const line of text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const header = /^\[(.+)\]/.exec(line)?.[1];
    if (header !== undefined) {
      section = sections.get(header) ?? {};
      sections.set(header, section);
      name = undefined;
      continue;
    }
    if (section === undefined) continue;
    if (/^\s/.test(line) && name !== undefined) {
      if (isNested) setPair(section, line, `${name}.`);
      else section[name] += `\n${line.trim()}`;
      continue;
    }
    name = setPair(section, line, "");
    isNested = name !== undefined && section[name] === "";
  }
  return sections;
}

/** Writes down what a line sets; `undefined` where it sets nothing. */
function setPair(
  section: Section,
  line: string,
  prefix: string,
): string | undefined {
  const [, key, value = ""] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ??
    [];
  if (key === undefined) return undefined;
  const name = `${prefix}${key.toLowerCase()}`;
  section[name] = value;
  return name;
}

/** The words of a section's name or a command, as `[profile "my team"]` has two of them (Python's `shlex.split`). */
export function words(line: string): string[] {
  const quoted = /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g;
  const found = line.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g);
  return [...found].map(([word]) =>
    word.replaceAll(
      quoted,
      (_, double?: string, single?: string, escaped?: string) =>
        double?.replaceAll(/\\(["\\])/g, "$1") ?? single ?? escaped ?? "",
    )
  );
}
