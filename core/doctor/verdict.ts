import type { CheckResult } from "./check.ts";

/**
 * What the doctor says in the end, in one line.
 *
 * @param next the command that logs in
 */
export function verdict(
  results: readonly CheckResult[],
  next: string,
): string {
  function having(status: CheckResult["status"]) {
    return results.filter((result) => result.status === status)
      .map(({ check }) => check);
  }
  const failed = having("failed");
  if (failed.length > 0) {
    return `Stopped at ${
      failed.join(" and ")
    }: fix that, then run rdsiam doctor again`;
  }
  const warnings = having("warning");
  const aside = warnings.length === 0
    ? ""
    : warnings.length === 1
    ? ", with 1 warning"
    : `, with ${warnings.length} warnings`;
  return having("ok").includes("login")
    ? `The login works${aside}: ${next}`
    : `Nothing wrong was found${aside}; the login itself was not tried: ${next}`;
}
