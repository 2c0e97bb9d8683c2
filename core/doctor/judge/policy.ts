import type { PolicySimulation } from "../../policy/iam_api.ts";
import type { Finding } from "../check.ts";
import { commandFor, type TargetWords } from "../command.ts";

/**
 * What a simulation of the identity's policies says. It does not see all: an allow is no promise, a denial very likely
 * real.
 *
 * @param resource the ARN that was asked about
 */
export function judgePolicy(
  simulation: PolicySimulation,
  resource: string,
  words: TargetWords,
): Finding {
  if (simulation.decision === "unknown") {
    return { status: "skipped", detail: simulation.why };
  }
  const { decision, deniedBy, principal } = simulation;
  if (decision === "allowed") {
    return {
      status: "ok",
      detail: `rds-db:connect allowed to ${principal}, by simulation`,
    };
  }
  const by = deniedBy === undefined ? "" : ` by the ${deniedBy}`;
  return {
    status: "suspect",
    kind: "refused",
    detail: deniedBy !== undefined || decision === "explicit deny"
      ? `rds-db:connect on ${resource} is denied${by} to ${principal}`
      : `no policy of ${principal} allows rds-db:connect on ${resource}`,
    remedy: deniedBy === undefined && decision !== "explicit deny"
      ? commandFor(["policy"], words)
      : "Ask who keeps the account's policies to lift the denial",
    explains: ["token"],
  };
}
