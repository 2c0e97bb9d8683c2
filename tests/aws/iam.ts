import { evaluatePolicy, parsePolicy } from "../../core/policy/policy.ts";
import { IamIdentities } from "./iam_identities.ts";
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
  /** Identities with policies of their own. */
  readonly identities = new IamIdentities();
  /** How often it is asked before a change counts. */
  asksUntilItCounts = 0;
  /** Whether the organization's policies allow it. */
  isAllowedByOrganization = true;

  /** The result of a call; `undefined` for an action that it does not know. */
  answer(call: QueryCall): XmlValue {
    const { action, parameters } = call;
    if (this.identities.all.size > 0 || /^(Get|Create)User$/.test(action)) {
      const result = this.identities.answer(call);
      if (result !== undefined) return result;
    }
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
    const whose = source.split(":")[5] ?? "";
    const isKnown = this.identities.all.has(whose);
    if (isRole && !isKnown && !Object.values(this.roles).includes(source)) {
      throw new Refusal(
        "NoSuchEntity",
        `The role with ARN ${source} cannot be found.`,
        404,
      );
    }
    const own = isKnown
      ? this.identities.documents(whose).flatMap((text) =>
        JSON.parse(text).Statement
      )
      : undefined;
    // IAM takes a while until what was changed counts.
    const counts = own === undefined || --this.asksUntilItCounts < 0;
    const policy = parsePolicy(
      JSON.stringify(
        own === undefined ? this.policy : {
          Version: "2012-10-17",
          Statement: counts ? own : [],
        },
      ),
    );
    const wanted = parameters.get("ActionNames.member.1") ?? "";
    const resource = parameters.get("ResourceArns.member.1") ?? "";
    const decision = evaluatePolicy(policy, wanted, resource);
    const isAllowed = this.isAllowedByOrganization;
    return {
      IsTruncated: false,
      EvaluationResults: {
        member: [{
          EvalActionName: wanted,
          EvalResourceName: resource,
          EvalDecision: isAllowed ? DECISIONS[decision] : "implicitDeny",
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
