import { RdsiamError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { displayName } from "./identifier.ts";

/** The error for a name that is not there, with the nearest one that is. */
export function missing(
  what: string,
  name: string,
  candidates: readonly string[],
  otherwise: string,
): RdsiamError {
  const near = nearest(name, candidates);
  return new RdsiamError(
    "usage",
    `${what} ${displayName(name)} cannot be used: it does not exist`,
    {
      hint: near === undefined
        ? otherwise
        : `Did you mean ${displayName(near)}?`,
    },
  );
}
