/**
 * The candidate that a misspelt name most likely meant: the one with the smallest edit distance, when that is small for
 * its length.
 *
 * @returns the candidate, or `undefined` when none is near
 */
export function nearest(
  name: string,
  candidates: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, right] of [...b].entries()) {
      row.push(Math.min(
        (row[j] ?? 0) + 1,
        (previous[j + 1] ?? 0) + 1,
        (previous[j] ?? 0) + (left === right ? 0 : 1),
      ));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
