import { RdsiamError } from "../../core/errors.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import type { NamedEndpoint } from "../../core/rds/target_names.ts";

/**
 * What these names mean: endpoints, or databases with all their endpoints.
 *
 * @throws {RdsiamError} `usage`, when one is not there
 */
export function pick(
  all: readonly NamedEndpoint[],
  names: readonly string[],
): readonly NamedEndpoint[] {
  if (names.length === 0) return all;
  const isMeant = (one: NamedEndpoint, name: string) =>
    [one.name, one.shortName, one.database.name].includes(name);
  for (const name of names) {
    if (all.some((one) => isMeant(one, name))) continue;
    throw new RdsiamError("usage", `"${name}" was not found`, {
      hint: didYouMean(name, all.map((one) => one.name)) ??
        "Look elsewhere with --region, --all-regions or --profile",
    });
  }
  return all.filter((one) => names.some((name) => isMeant(one, name)));
}
