import type { Decision } from "./policy.ts";

/** What a policy simulation says. It sees no session policies and not every condition: an allow is no promise. */
export type PolicySimulation =
  | {
    decision: Decision;
    /** What denies, where it is not the identity's own policies. */
    deniedBy?: "organization" | "permissions boundary";
    /** Whose policies were asked. */
    principal: string;
  }
  | {
    /** It cannot be simulated: for the root user, or a federated one. */
    decision: "unknown";
    /** Why, as a clause: `the account's root user has no policies`. */
    why: string;
  };

/** Simulates policies. */
export interface IamApi {
  /**
   * Whether the caller's policies allow an action on a resource.
   *
   * @param callerArn as {@linkcode StsApi.identity} tells it
   * @param action such as `rds-db:connect`
   * @param resource its ARN, as `connectArn` makes it
   * @throws {AwsCallError} when it is refused
   */
  simulate(
    request: { callerArn: string; action: string; resource: string },
    signal?: AbortSignal,
  ): Promise<PolicySimulation>;
}
