import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { destinationName } from "../../services/sync/job.ts";
import type { RenewalFailure } from "../../services/token/renewals.ts";
import type { JobReport, RoundReport } from "../../services/sync/sync.ts";
import { UnknownTarget } from "../target/named_source.ts";
import type { AuthToken } from "../../core/token/token.ts";

/** How many targets are named before the others are counted. */
const MOST_NAMES = 3;

/** Names a few targets and counts the others. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Failed targets by what is wrong with them: a thousand targets with one cause make one line. */
export function failuresByCause(
  failures: readonly RenewalFailure[],
): { names: string[]; error: unknown }[] {
  const groups = new Map<string, { names: string[]; error: unknown }>();
  for (const { name, error } of failures) {
    const message = errorMessage(error);
    const group = groups.get(message) ?? { names: [], error };
    group.names.push(name);
    groups.set(message, group);
  }
  return [...groups.values()];
}

/** The sentence about targets that failed; one that its error names already is not named again. */
export function describeFailure(
  names: readonly string[],
  error: unknown,
): string {
  return error instanceof UnknownTarget
    ? error.message
    : `${nameSome(names)}: ${errorMessage(error)}`;
}

/** The sentence about a job that was written: `/home/app/.pgpass: orders, good until 14:49:56`. */
export function describeWritten(
  { job, names, changed }: JobReport,
  tokens: ReadonlyMap<string, AuthToken>,
): string {
  if (names.length === 0) {
    return `${destinationName(job.destination)}: nothing written`;
  }
  const expiry = Math.min(
    ...names.map((name) => tokens.get(name)?.expiresAt ?? Infinity),
  );
  const good = Number.isFinite(expiry) && job.writer.describe.holdsSecrets
    ? `, good until ${new Date(expiry).toLocaleTimeString("en-GB")}`
    : "";
  const what = changed ? "" : " (unchanged)";
  return `${destinationName(job.destination)}: ${
    nameSome(names)
  }${good}${what}`;
}

/** A job that was written, for `--json`. */
export function writtenJson(
  { job, names, leftOut, changed, notices }: JobReport,
  tokens: ReadonlyMap<string, AuthToken>,
) {
  return {
    writer: job.writer.name,
    path: destinationName(job.destination),
    changed,
    targets: names.map((name) => ({ name, ...expiryJson(tokens.get(name)) })),
    leftOut,
    notices,
  };
}

function expiryJson(token: AuthToken | undefined) {
  return token === undefined
    ? {}
    : { expiresAt: new Date(token.expiresAt).toISOString() };
}

/** Everything that failed in a round, for `--json`. */
export function failuresJson(report: RoundReport) {
  return [
    ...report.targetFailures.map(({ name, error }) => ({
      target: name,
      ...errorJson(error),
    })),
    ...report.failures.map(({ what, error }) => ({
      path: what,
      ...errorJson(error),
    })),
  ];
}

/** An error, for `--json`. */
export function errorJson(error: unknown) {
  const hint = error instanceof RdsiamError ? error.hint : undefined;
  return {
    error: errorMessage(error),
    ...(hint !== undefined && { hint }),
  };
}
