import type { Securable } from "./catalog.ts";
import { displayName } from "./identifier.ts";

/** Up to so many are named; more are counted. */
const NAMED = 3;

/** Some names for people: the first of them, and how many more there are. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map(displayName).join(", ");
  const more = names.length - NAMED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Objects of one kind, likewise. */
export function nameObjects(
  objects: readonly Pick<Securable, "kind" | "name">[],
): string {
  const [first] = objects;
  return first === undefined
    ? "nothing"
    : `${first.kind} ${nameSome(objects.map(({ name }) => name))}`;
}

/** Sentences in one line: the first of them, and how many more there are. */
export function describeSome(sentences: readonly string[]): string {
  const shown = sentences.slice(0, NAMED).join("; ");
  const more = sentences.length - NAMED;
  return more > 0 ? `${shown}; and ${more} more` : shown;
}
