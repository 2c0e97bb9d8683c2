import type { ManagedEntry, Rendered } from "../../core/writer/writer.ts";
import { malformedLines } from "./doubts.ts";
import type { PassfileDialect } from "../../core/passfile/line.ts";
import { joinPassfile, parsePassfile } from "./text.ts";

/**
 * Takes the lines of these targets out of the text of a passfile, or without names all that are managed. A line that
 * serves another target as well stays for that one.
 *
 * @throws {UnreadableText} when the text is not a passfile's
 */
export function removeFromPassfile(
  names: readonly string[] | undefined,
  oldText: string,
  dialect: PassfileDialect,
): Rendered {
  const text = parsePassfile(oldText);
  malformedLines(text, dialect);
  const removed = new Set(names);
  const parts = text.parts.flatMap((part) => {
    if (part.kind === "foreign") return part;
    const kept = part.names.filter((name) =>
      names !== undefined && !removed.has(name)
    );
    return kept.length > 0 ? { ...part, names: kept } : [];
  });
  return { newText: joinPassfile({ ...text, parts }) };
}

/** The targets that the text of a passfile holds lines for, each once, with the earliest expiry of their lines. */
export function listPassfile(text: string): readonly ManagedEntry[] {
  const entries = new Map<string, ManagedEntry>();
  for (const part of parsePassfile(text).parts) {
    if (part.kind === "foreign") continue;
    const { expiresAt } = part;
    for (const name of part.names) {
      const known = entries.get(name)?.expiresAt;
      if (!entries.has(name) || (expiresAt ?? Infinity) < (known ?? Infinity)) {
        entries.set(name, { name, expiresAt });
      }
    }
  }
  return [...entries.values()];
}
