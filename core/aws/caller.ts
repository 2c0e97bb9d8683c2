import { parseArn } from "./arn.ts";

/** Who AWS says that the credentials are. */
export interface CallerIdentity {
  /** The account, 12 digits. */
  account: string;
  /** Such as `arn:aws:sts::123456789012:assumed-role/app/session`. */
  arn: string;
  /** The unique id: a user's, or a role's with the session's name. */
  userId: string;
  /** The time by AWS's clock, in milliseconds since the epoch, to the second. */
  serverTime: number | undefined;
}

/** Whose policies decide: what a policy simulation is asked about. */
export type PolicyOwner =
  | { kind: "user"; arn: string }
  | { kind: "role"; name: string; partition: string; account: string }
  | { kind: "root" }
  | { kind: "unknown" };

/**
 * Whose policies decide what a caller may (IAM User Guide, "IAM identifiers"). An assumed role's ARN leaves out the path
 * that the role's own ARN has.
 */
export function policyOwner(callerArn: string): PolicyOwner {
  const arn = parseArn(callerArn);
  if (arn === undefined) return { kind: "unknown" };
  const { partition, account, resource } = arn;
  if (resource === "root") return { kind: "root" };
  if (resource.startsWith("user/")) return { kind: "user", arn: callerArn };
  const [type, name] = resource.split("/");
  if (type !== "assumed-role" || !name) return { kind: "unknown" };
  return { kind: "role", name, partition, account };
}
