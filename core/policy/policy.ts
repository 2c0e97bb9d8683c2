import { RdsiamError } from "../errors.ts";
import type { EndpointKind } from "../target/endpoint.ts";

/** One statement of an IAM policy, as far as it matters to `rds-db:connect`. */
interface Statement {
  effect: "Allow" | "Deny";
  matchesAction: (action: string) => boolean;
  matchesResource: (resource: string) => boolean;
}

/** An identity-based IAM policy. */
export interface Policy {
  statements: readonly Statement[];
}

/** What IAM decides. */
export type Decision = "allowed" | "explicit deny" | "no statement allows it";

/** A resource that somebody wants to connect to. */
export interface ConnectResource {
  partition: string;
  region: string;
  account: string;
  /** `db-…`, `cluster-…` or `prx-…`. */
  resourceId: string;
  username: string;
}

/** How a resource id begins: an instance's, a cluster's or a proxy's. */
export type ResourceIdPrefix = "db-" | "cluster-" | "prx-";

/**
 * How the resource id begins that policies name an endpoint's database by (RDS User Guide, as below). An Aurora
 * instance's is its cluster's, which its name does not tell.
 *
 * @param kind what the endpoint's name leads to, when it is an RDS one
 */
export function resourceIdPrefix(
  kind: EndpointKind | undefined,
): ResourceIdPrefix {
  switch (kind) {
    case undefined:
    case "instance":
      return "db-";
    case "proxy":
      return "prx-";
    default:
      return "cluster-";
  }
}

/** The ARN that `rds-db:connect` is about (RDS User Guide, "Creating and using an IAM policy for IAM database access"). */
export function connectArn(resource: ConnectResource): string {
  const { partition, region, account, resourceId, username } = resource;
  return `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${username}`;
}

/**
 * Reads an IAM policy document.
 *
 * @throws {RdsiamError} `usage`, when it is malformed or uses what cannot be evaluated here, such as conditions
 */
export function parsePolicy(text: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw policyError("it is not JSON", cause);
  }
  const statements = isRecord(document) ? document.Statement : undefined;
  if (statements === undefined) throw policyError("Statement is missing");
  const list = Array.isArray(statements) ? statements : [statements];
  const hasVariables = isRecord(document) && document.Version === "2012-10-17";
  return {
    statements: list.map((statement) =>
      parseStatement(statement, hasVariables)
    ),
  };
}

/** Evaluates a policy as IAM does: a deny beats an allow, and what no statement allows is refused. */
export function evaluatePolicy(
  policy: Policy,
  action: string,
  resource: string,
): Decision {
  const effects = policy.statements
    .filter((statement) =>
      statement.matchesAction(action) && statement.matchesResource(resource)
    )
    .map(({ effect }) => effect);
  if (effects.includes("Deny")) return "explicit deny";
  return effects.includes("Allow") ? "allowed" : "no statement allows it";
}

function parseStatement(statement: unknown, hasVariables: boolean): Statement {
  if (!isRecord(statement)) throw policyError("a statement is not an object");
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") {
    throw policyError("Effect is neither Allow nor Deny");
  }
  const unknown = Object.keys(statement).find((key) => !KNOWN_KEYS.has(key));
  if (unknown !== undefined) {
    throw policyError(`${unknown} cannot be evaluated here`);
  }
  return {
    effect,
    // Actions are compared without regard to case, resources with it.
    matchesAction: matcher(statement, "Action", { hasVariables, flags: "i" }),
    matchesResource: matcher(statement, "Resource", {
      hasVariables,
      flags: "",
    }),
  };
}

const KNOWN_KEYS = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
]);

function matcher(
  statement: Record<string, unknown>,
  key: "Action" | "Resource",
  { hasVariables, flags }: { hasVariables: boolean; flags: string },
): (text: string) => boolean {
  const positive = statement[key];
  const negative = statement[`Not${key}`];
  if ((positive === undefined) === (negative === undefined)) {
    throw policyError(`a statement needs either ${key} or Not${key}`);
  }
  const patterns = [positive ?? negative].flat().map((pattern) => {
    if (typeof pattern !== "string") throw policyError(`${key} is not a text`);
    if (
      /\$\{(?![*?$]\})/.test(pattern) || !hasVariables && pattern.includes("${")
    ) {
      throw policyError(`the variable in ${key} cannot be evaluated here`);
    }
    return wildcard(pattern, flags);
  });
  return (text) =>
    patterns.some((pattern) => pattern.test(text)) === (positive !== undefined);
}

/**
 * `*` stands for any characters, `?` for one (IAM User Guide, "IAM JSON policy elements: Resource"); `${*}`, `${?}` and `${$}`
 * for these characters themselves.
 */
function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern.replaceAll(
    /\$\{([*?$])\}|[\\^$.|+()[\]{}*?]/g,
    (special, literal?: string) =>
      literal !== undefined
        ? `\\${literal}`
        : special === "*"
        ? ".*"
        : special === "?"
        ? "."
        : `\\${special}`,
  );
  return new RegExp(`^${source}$`, `s${flags}`);
}

function policyError(why: string, cause?: unknown): RdsiamError {
  return new RdsiamError("usage", `IAM policy cannot be used: ${why}`, {
    hint: "Give an identity-based policy of Effect, Action and Resource",
    ...(cause !== undefined && { cause }),
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
