import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandOutput,
} from "@aws-sdk/client-iam";
import type { Decision } from "../../core/policy/policy.ts";
import { parseArn } from "../../core/aws/arn.ts";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type { IamApi, PolicySimulation } from "../../core/policy/iam_api.ts";
import { type PolicyOwner, policyOwner } from "../../core/aws/caller.ts";
import { awsCall } from "./call.ts";
import { type AwsCaller, clientConfigs } from "./client_config.ts";

const DECISIONS: Readonly<Record<string, Decision>> = {
  allowed: "allowed",
  explicitDeny: "explicit deny",
  implicitDeny: "no statement allows it",
};

/** Makes the Identity and Access Management of whoever calls. */
export function createIamApi(caller: AwsCaller): IamApi {
  return {
    async simulate({ callerArn, action, resource }, signal) {
      const owner = policyOwner(callerArn);
      if (owner.kind === "root") {
        return unknown("the account's root user has no policies");
      }
      if (owner.kind === "unknown") {
        return unknown("the caller is neither a user nor a role");
      }
      const region = parseArn(resource)?.region ?? "";
      // IAM is one service for all regions of a partition, which the region tells.
      const client = new IAMClient(
        (await clientConfigs(caller, "IAM"))(region),
      );
      const options = { ...(signal && { abortSignal: signal }) };
      try {
        const principal = await principalArn(owner, client, region, signal);
        const answer = await awsCall(
          { action: "iam:SimulatePrincipalPolicy", region, signal },
          () =>
            client.send(
              new SimulatePrincipalPolicyCommand({
                PolicySourceArn: principal,
                ActionNames: [action],
                ResourceArns: [resource],
              }),
              options,
            ),
        );
        return toSimulation(answer, principal);
      } finally {
        client.destroy();
      }
    },
  };
}

/** The ARN with the path, which an assumed role's leaves out; as if it had none where it may not be looked up. */
async function principalArn(
  owner: Extract<PolicyOwner, { kind: "user" | "role" }>,
  client: IAMClient,
  region: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (owner.kind === "user") return owner.arn;
  const { name, partition, account } = owner;
  try {
    const { Role: role } = await awsCall(
      { action: "iam:GetRole", region, signal },
      () =>
        client.send(
          new GetRoleCommand({ RoleName: name }),
          { ...(signal && { abortSignal: signal }) },
        ),
    );
    if (role?.Arn) return role.Arn;
  } catch (error) {
    if (!(error instanceof AwsCallError && error.refusal === "denied")) {
      throw error;
    }
  }
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function toSimulation(
  { EvaluationResults: [result] = [] }: SimulatePrincipalPolicyCommandOutput,
  principal: string,
): PolicySimulation {
  const decision = DECISIONS[result?.EvalDecision ?? ""];
  if (decision === undefined) return unknown("IAM gave no decision");
  const { OrganizationsDecisionDetail: organization } = result ?? {};
  const { PermissionsBoundaryDecisionDetail: boundary } = result ?? {};
  const deniedBy = decision === "allowed"
    ? undefined
    : organization?.AllowedByOrganizations === false
    ? "organization"
    : boundary?.AllowedByPermissionsBoundary === false
    ? "permissions boundary"
    : undefined;
  return {
    decision,
    principal,
    ...(deniedBy !== undefined && { deniedBy }),
  };
}

function unknown(why: string): PolicySimulation {
  return { decision: "unknown", why };
}
