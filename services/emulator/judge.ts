import {
  connectArn,
  evaluatePolicy,
  type Policy,
  type ResourceIdPrefix,
  resourceIdPrefix,
} from "../../core/policy/policy.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { type Endpoint, partitionOf } from "../../core/target/endpoint.ts";
import { type TokenExpectation, verifyToken } from "../../core/token/verify.ts";
import type { TokenVerdict } from "./serve_client.ts";

/** The account that the emulated database belongs to: the one of AWS's own examples. */
const ACCOUNT = "123456789012";

/** A token is used at once as a rule: from this age on, its signer's clock may be to blame. */
const SUSPICIOUS_AGE_SECONDS = 60;

/** What tokens are judged by. */
export interface JudgeOptions extends Omit<TokenExpectation, "username"> {
  /** The endpoint that is emulated, when its name is an RDS one. */
  endpoint: Endpoint | undefined;
  /** What IAM allows; without one, everything. */
  policy: Policy | undefined;
  clock: Clock;
}

/** Makes the judge of tokens: first the token itself, as RDS verifies it, then whether IAM lets that user connect. */
export function createJudge(
  options: JudgeOptions,
): (username: string, token: string) => Promise<TokenVerdict> {
  const { policy, clock } = options;
  return async (username, token) => {
    const verdict = await verifyToken(
      token,
      { ...options, username },
      clock.now(),
    );
    if (!verdict.ok) {
      return { ok: false, reason: `${verdict.fault}: ${verdict.reason}` };
    }
    const arn = emulatedArn(options, username);
    const decision = policy === undefined
      ? "allowed"
      : evaluatePolicy(policy, "rds-db:connect", arn);
    if (decision !== "allowed") {
      return {
        ok: false,
        reason: `NotAuthorized: rds-db:connect on ${arn}: ${decision}`,
      };
    }
    const age = Math.round(verdict.ageMs / 1000);
    return {
      ok: true,
      reason: age < 0
        ? `token of ${verdict.accessKeyId}, dated ${-age} s in the future: the clock of its signer is ahead`
        : `token of ${verdict.accessKeyId}, ${age} s old${
          age < SUSPICIOUS_AGE_SECONDS
            ? ""
            : ", or the clock of its signer is behind"
        }`,
    };
  };
}

/** What follows in the emulated database's resource id; RDS writes a proxy's in lower case. */
const ID_BY_PREFIX: Record<ResourceIdPrefix, string> = {
  "db-": "EMULATOR",
  "cluster-": "EMULATOR",
  "prx-": "emulator",
};

/** The ARN that a policy must name for a user of the emulated database. */
export function emulatedArn(
  { endpoint, region }: Pick<JudgeOptions, "endpoint" | "region">,
  username: string,
): string {
  const prefix = resourceIdPrefix(endpoint?.kind);
  return connectArn({
    partition: partitionOf(region),
    region,
    account: ACCOUNT,
    resourceId: `${prefix}${ID_BY_PREFIX[prefix]}`,
    username,
  });
}
