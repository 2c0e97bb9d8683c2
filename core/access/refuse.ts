import { type ErrorKind, RdsiamError } from "../errors.ts";

/** Something that stands against a plan. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
}

/**
 * Refuses a plan for the first of these problems, and says how many there are.
 *
 * @throws {RdsiamError} of this kind, when there is one
 */
export function refuseFor(
  kind: ErrorKind,
  problems: readonly Problem[],
): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new RdsiamError(kind, `${first.message}${more}`, { hint: first.hint });
}

/**
 * Refuses a plan that takes more than was asked for.
 *
 * @param count how many losses there are
 * @param described them in one line
 * @throws {RdsiamError} `usage`, unless there is none
 */
export function refuseLosses(count: number, described: string): void {
  if (count === 0) return;
  refuseFor("usage", [{
    message: `Refused, since it takes more than was asked for: ${described}`,
    hint: `Add --force if ${
      count === 1 ? "that" : "all of that"
    } may go; with --dry-run it is listed alone`,
  }]);
}
