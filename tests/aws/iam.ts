import { evaluatePolicy, parsePolicy } from "../../core/policy/policy.ts";
import type { QueryCall } from "./rds.ts";
import { Refusal } from "./refusal.ts";
import type { XmlValue } from "./xml.ts";

const DECISIONS = {
  "allowed": "allowed",
  "explicit deny": "explicitDeny",
  "no statement allows it": "implicitDeny",
} as const;

/** IAM with some roles, all of which have one policy. */
export class IamService {
  /** Roles' ARNs by their names. */
  roles: Record<string, string> = {
    app: "arn:aws:iam::123456789012:role/app",
  };
  /** Of every role and user. */
  policy: unknown = {
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  };
  /** Whether the organization's policies allow it. */
  isAllowedByOrganization = true;

  /** The result of a call; `undefined` for an action that it does not know. */
  answer({ action, parameters }: QueryCall): XmlValue {
    if (action === "GetRole") {
      const name = parameters.get("RoleName") ?? "";
      return { Role: { RoleName: name, Arn: this.#role(name) } };
    }
    if (action !== "SimulatePrincipalPolicy") return undefined;
    const source = parameters.get("PolicySourceArn") ?? "";
    if (!/^arn:[^:]+:iam::\d{12}:(role|user|group)\//.test(source)) {
      throw new Refusal("InvalidInput", `Invalid Entity Arn: ${source}`);
    }
    const isRole = source.includes(":role/");
    if (isRole && !Object.values(this.roles).includes(source)) {
      throw new Refusal(
        "NoSuchEntity",
        `The role with ARN ${source} cannot be found.`,
        404,
      );
    }
    const policy = parsePolicy(JSON.stringify(this.policy));
    const wanted = parameters.get("ActionNames.member.1") ?? "";
    const resource = parameters.get("ResourceArns.member.1") ?? "";
    const own = evaluatePolicy(policy, wanted, resource);
    const isAllowed = this.isAllowedByOrganization;
    return {
      IsTruncated: false,
      EvaluationResults: {
        member: [{
          EvalActionName: wanted,
          EvalResourceName: resource,
          EvalDecision: isAllowed ? DECISIONS[own] : "implicitDeny",
          MatchedStatements: {},
          MissingContextValues: {},
          OrganizationsDecisionDetail: { AllowedByOrganizations: isAllowed },
        }],
      },
    };
  }

  #role(name: string): string {
    const arn = this.roles[name];
    if (arn !== undefined) return arn;
    throw new Refusal(
      "NoSuchEntity",
      `The role with name ${name} cannot be found.`,
      404,
    );
  }
}
