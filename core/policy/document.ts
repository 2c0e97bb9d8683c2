/** The IAM policy that lets an identity connect. */
export interface ConnectPolicy {
  Version: "2012-10-17";
  Statement: readonly [{
    Effect: "Allow";
    Action: "rds-db:connect";
    /** One ARN, or several. */
    Resource: string | readonly string[];
  }];
}

/** The most characters, blanks apart, of a managed policy (IAM User Guide, "IAM and AWS STS quotas"). */
export const MANAGED_POLICY_LIMIT = 6144;

/** The IAM policy that lets an identity connect: `rds-db:connect` on these ARNs (see `policyArn`), as a document. */
export function connectPolicy(arns: readonly string[]): ConnectPolicy {
  const distinct = [...new Set(arns)];
  const [first = ""] = distinct;
  return {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: distinct.length === 1 ? first : distinct,
    }],
  };
}

/** How many characters a policy counts against its limit. */
export function policySize(policy: ConnectPolicy): number {
  return Array.from(JSON.stringify(policy).replaceAll(/\s/g, "")).length;
}
