/** One name, or a pattern of names in which `*` stands for any characters and `?` for one. */
export type NamePattern =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "pattern"; readonly pattern: string };

/** Which objects of a schema. */
export type Selection = "all" | readonly NamePattern[];

/**
 * A name or pattern as a person writes it. Capitals matter. In double quotes, as in SQL, everything stands for
 * itself, so `"a*"` is the table with that odd name.
 */
export function parseNamePattern(text: string): NamePattern {
  if (text.length > 2 && text.startsWith('"') && text.endsWith('"')) {
    return { kind: "name", name: text.slice(1, -1).replaceAll('""', '"') };
  }
  return /[*?]/.test(text)
    ? { kind: "pattern", pattern: text }
    : { kind: "name", name: text };
}

/** The names and patterns of one option; `*` alone, or nothing, is all. */
export function parseSelection(texts: readonly string[]): Selection {
  return texts.length === 0 || texts.includes("*")
    ? "all"
    : texts.map(parseNamePattern);
}

/** A test for names that match. */
export function matcher(pattern: NamePattern): (name: string) => boolean {
  if (pattern.kind === "name") return (name) => name === pattern.name;
  const source = pattern.pattern
    .replace(/[.+^${}()|[\]\\/]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "su");
  return (name) => expression.test(name);
}
