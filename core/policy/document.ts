/** One statement: `rds-db:connect` on some ARNs. */
export interface ConnectStatement {
  /** Whose it is, where a policy has several: letters and digits. */
  Sid?: string;
  Effect: "Allow";
  Action: "rds-db:connect";
  /** One ARN, or several. */
  Resource: string | readonly string[];
}

/** The IAM policy that lets an identity connect. */
export interface ConnectPolicy {
  Version: "2012-10-17";
  Statement: readonly ConnectStatement[];
}

/** A policy, and what it may be called. */
export interface NamedPolicy {
  /** Such as `rds-connect-2`. */
  name: string;
  policy: ConnectPolicy;
}

/**
 * The most characters, blanks apart, of each form that a policy may have (IAM User Guide, "IAM and AWS STS quotas"; IAM
 * Identity Center User Guide, "Quotas"): a managed one, those within a role in sum, the one within a permission set.
 */
export const POLICY_LIMITS = {
  "managed": 6144,
  "inline": 10240,
  "permission-set": 10240,
} as const;

/** One of {@linkcode POLICY_LIMITS}. */
export type PolicyForm = keyof typeof POLICY_LIMITS;

/** The IAM policy that lets an identity connect: `rds-db:connect` on these ARNs (see `policyArn`), as a document. */
export function connectPolicy(arns: readonly string[]): ConnectPolicy {
  return { Version: "2012-10-17", Statement: [connectStatement(arns)] };
}

/** A statement on these ARNs, each once. */
export function connectStatement(
  arns: readonly string[],
  sid?: string,
): ConnectStatement {
  const distinct = [...new Set(arns)];
  const [first = ""] = distinct;
  return {
    ...(sid !== undefined && { Sid: sid }),
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: distinct.length === 1 ? first : distinct,
  };
}

/**
 * Policies of a statement for each group of ARNs, as few as keep within a limit. A group that is too long for one policy goes
 * on in the next; a single ARN never is.
 *
 * @param limit the most characters of each; `undefined` for a single policy, however long
 */
export function connectPolicies(
  groups: readonly (readonly string[])[],
  limit: number | undefined,
): NamedPolicy[] {
  const policies: string[][][] = [];
  let room = 0;
  const most = (limit ?? Infinity) - sizeOf(policyOf([]));
  for (const group of groups) {
    let statement: string[] | undefined;
    for (const arn of new Set(group)) {
      const size = sizeOf(arn) + 1; // and a comma
      if (statement === undefined || size > room) {
        const whole = STATEMENT_SIZE + size;
        if (policies.length === 0 || whole > room) {
          policies.push([]);
          room = most;
        }
        statement = [];
        policies.at(-1)?.push(statement);
        room -= STATEMENT_SIZE;
      }
      statement.push(arn);
      room -= size;
    }
  }
  const isOne = policies.length < 2;
  return (isOne ? [policies[0] ?? [[]]] : policies).map((groups, index) => ({
    name: isOne ? "rds-connect" : `rds-connect-${index + 1}`,
    policy: policyOf(groups.map((arns) => connectStatement(arns))),
  }));
}

function policyOf(statements: readonly ConnectStatement[]): ConnectPolicy {
  return { Version: "2012-10-17", Statement: statements };
}

/** How many characters a policy counts against its limit. */
export function policySize(policy: ConnectPolicy): number {
  return sizeOf(policy);
}

function sizeOf(value: unknown): number {
  return Array.from(JSON.stringify(value).replaceAll(/\s/g, "")).length;
}

/** What a statement takes without its ARNs, with a comma. */
const STATEMENT_SIZE = sizeOf({
  Effect: "Allow",
  Action: "rds-db:connect",
  Resource: [],
}) + 1;
