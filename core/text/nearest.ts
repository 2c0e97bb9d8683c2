/**
 * How many insertions, deletions, replacements and swaps of neighbours turn one word into the other (optimal string
 * alignment), in code points.
 */
function editDistance(left: readonly string[], right: readonly string[]) {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, a] of left.entries()) {
    const row = [i + 1];
    for (const [j, b] of right.entries()) {
      const replaced = (last[j] ?? 0) + (a === b ? 0 : 1);
      let best = Math.min(replaced, (last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1);
      if (i > 0 && j > 0 && a === right[j - 1] && left[i - 1] === b) {
        best = Math.min(best, (beforeLast[j - 1] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

/** How far a misspelling may be from what was meant: a third of it, at least 1 and at most 3 edits. */
function tolerance(name: readonly string[]): number {
  return Math.min(3, Math.max(1, Math.floor(name.length / 3)));
}

/**
 * The candidate that a misspelt name most likely means, or undefined when none is near. A difference in capitals
 * alone is nearer than any other; among equals the first candidate wins.
 *
 * @example A typing mistake
 * ```ts
 * import { nearest } from "./nearest.ts";
 *
 * if (nearest("pulbic", ["audit", "public"]) !== "public") throw new Error("not found");
 * ```
 */
export function nearest(
  name: string,
  candidates: Iterable<string>,
): string | undefined {
  const letters = Array.from(name.toLowerCase());
  const limit = tolerance(letters);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const other = Array.from(candidate.toLowerCase());
    if (Math.abs(other.length - letters.length) > limit) continue;
    const distance = editDistance(letters, other);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "x"?` for a misspelt name, or undefined when no candidate is near. For the hint of an error. */
export function didYouMean(
  name: string,
  candidates: Iterable<string>,
): string | undefined {
  const found = nearest(name, candidates);
  return found === undefined
    ? undefined
    : `Did you mean ${JSON.stringify(found)}?`;
}
