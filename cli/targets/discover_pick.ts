import { RdsiamError } from "../../core/errors.ts";
import { isPattern, patternOf } from "../../core/rds/selection.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import type { NamedEndpoint } from "../../core/rds/target_names.ts";

/**
 * What these names mean: endpoints, or databases with all their endpoints; `*` and `?` are wildcards.
 *
 * @throws {RdsiamError} `usage`, when one is not there
 */
export function pick(
  all: readonly NamedEndpoint[],
  names: readonly string[],
): readonly NamedEndpoint[] {
  if (names.length === 0) return all;
  const meant = new Set<NamedEndpoint>();
  for (const name of names) {
    const matches = isPattern(name)
      ? (text: string) => patternOf(name).test(text)
      : (text: string) => text === name;
    const found = all.filter((one) =>
      [one.name, one.shortName, one.database.name].some(matches)
    );
    for (const one of found) meant.add(one);
    if (found.length > 0) continue;
    throw new RdsiamError("usage", `"${name}" was not found`, {
      hint: didYouMean(name, all.map((one) => one.name)) ??
        "Look elsewhere with --region, --all-regions or --profile",
    });
  }
  return all.filter((one) => meant.has(one));
}
