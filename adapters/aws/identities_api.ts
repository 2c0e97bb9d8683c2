import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyVersionCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type {
  IamIdentity,
  PolicyDocument,
} from "../../core/policy/attachment.ts";
import type { IdentitiesApi } from "../../core/policy/identities_api.ts";
import { awsCall } from "./call.ts";
import { type AwsCaller, clientConfigs } from "./client_config.ts";

/** How many versions a managed policy may have (IAM User Guide, "IAM and AWS STS quotas"). */
const MOST_VERSIONS = 5;

/**
 * Makes the users and roles of whoever calls.
 *
 * @param region any of the partition, for which IAM is one service
 */
export function createIdentitiesApi(
  caller: AwsCaller,
  region: string,
): IdentitiesApi {
  async function call<T>(
    name: string,
    send: (client: IAMClient) => Promise<T>,
    isSilent = false,
  ): Promise<T> {
    const client = new IAMClient((await clientConfigs(caller, "IAM"))(region));
    const action = `iam:${name}`;
    try {
      return await awsCall(
        { action, region, signal: undefined, isSilent },
        () => send(client),
      );
    } finally {
      client.destroy();
    }
  }

  async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
    try {
      return await found;
    } catch (error) {
      if (error instanceof AwsCallError && error.refusal === "not found") {
        return undefined;
      }
      throw error;
    }
  }

  async function isAttached({ kind, name }: IamIdentity, arn: string) {
    let marker: string | undefined;
    while (true) {
      const page = marker === undefined ? {} : { Marker: marker };
      const { AttachedPolicies: policies = [], Marker: next } = kind === "user"
        ? await call(
          "ListAttachedUserPolicies",
          (client) =>
            client.send(
              new ListAttachedUserPoliciesCommand({ UserName: name, ...page }),
            ),
        )
        : await call(
          "ListAttachedRolePolicies",
          (client) =>
            client.send(
              new ListAttachedRolePoliciesCommand({ RoleName: name, ...page }),
            ),
        );
      if (policies.some(({ PolicyArn }) => PolicyArn === arn)) return true;
      if (!next || next === marker) return false;
      marker = next;
    }
  }

  return {
    async find({ kind, name }) {
      if (kind === "user") {
        const found = await orNothing(
          call(
            "GetUser",
            (client) => client.send(new GetUserCommand({ UserName: name })),
          ),
        );
        return found?.User?.Arn;
      }
      const found = await orNothing(
        call(
          "GetRole",
          (client) => client.send(new GetRoleCommand({ RoleName: name })),
        ),
      );
      return found?.Role?.Arn;
    },
    async createUser(name) {
      const { User: user } = await call(
        "CreateUser",
        (client) => client.send(new CreateUserCommand({ UserName: name })),
      );
      return user?.Arn ?? "";
    },
    async readInline({ kind, name }, policy) {
      const found = kind === "user"
        ? await orNothing(call("GetUserPolicy", (client) =>
          client.send(
            new GetUserPolicyCommand({ UserName: name, PolicyName: policy }),
          )))
        : await orNothing(call("GetRolePolicy", (client) =>
          client.send(
            new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }),
          )));
      return readDocument(found?.PolicyDocument);
    },
    async writeInline({ kind, name }, policy, document) {
      const text = JSON.stringify(document);
      if (kind === "user") {
        const whose = { UserName: name, PolicyName: policy };
        await (document === undefined
          ? call(
            "DeleteUserPolicy",
            (client) => client.send(new DeleteUserPolicyCommand(whose)),
            true,
          )
          : call("PutUserPolicy", (client) =>
            client.send(
              new PutUserPolicyCommand({ ...whose, PolicyDocument: text }),
            ), true));
        return;
      }
      const whose = { RoleName: name, PolicyName: policy };
      await (document === undefined
        ? call(
          "DeleteRolePolicy",
          (client) => client.send(new DeleteRolePolicyCommand(whose)),
          true,
        )
        : call("PutRolePolicy", (client) =>
          client.send(
            new PutRolePolicyCommand({ ...whose, PolicyDocument: text }),
          ), true));
    },
    async readManaged(identity, arn) {
      const found = await orNothing(
        call(
          "GetPolicy",
          (client) => client.send(new GetPolicyCommand({ PolicyArn: arn })),
        ),
      );
      const version = found?.Policy?.DefaultVersionId;
      if (version === undefined) return undefined;
      const { PolicyVersion: current } = await call(
        "GetPolicyVersion",
        (client) =>
          client.send(
            new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version }),
          ),
      );
      return {
        arn,
        document: readDocument(current?.Document) ?? {},
        isAttached: await isAttached(identity, arn),
      };
    },
    async writeManaged(arn, document, isNew) {
      const text = JSON.stringify(document);
      if (isNew) {
        const name = arn.split("/").at(-1);
        await call("CreatePolicy", (client) =>
          client.send(
            new CreatePolicyCommand({ PolicyName: name, PolicyDocument: text }),
          ));
        return;
      }
      const { Versions: versions = [] } = await call(
        "ListPolicyVersions",
        (client) =>
          client.send(new ListPolicyVersionsCommand({ PolicyArn: arn })),
      );
      const oldest = versions.filter((one) => !one.IsDefaultVersion).at(-1);
      if (versions.length >= MOST_VERSIONS && oldest !== undefined) {
        await call("DeletePolicyVersion", (client) =>
          client.send(
            new DeletePolicyVersionCommand({
              PolicyArn: arn,
              VersionId: oldest.VersionId,
            }),
          ), true);
      }
      await call("CreatePolicyVersion", (client) =>
        client.send(
          new CreatePolicyVersionCommand({
            PolicyArn: arn,
            PolicyDocument: text,
            SetAsDefault: true,
          }),
        ));
    },
    async attach({ kind, name }, arn) {
      await (kind === "user"
        ? call("AttachUserPolicy", (client) =>
          client.send(
            new AttachUserPolicyCommand({ UserName: name, PolicyArn: arn }),
          ), true)
        : call("AttachRolePolicy", (client) =>
          client.send(
            new AttachRolePolicyCommand({ RoleName: name, PolicyArn: arn }),
          ), true));
    },
    async detach({ kind, name }, arn) {
      await (kind === "user"
        ? call("DetachUserPolicy", (client) =>
          client.send(
            new DetachUserPolicyCommand({ UserName: name, PolicyArn: arn }),
          ), true)
        : call("DetachRolePolicy", (client) =>
          client.send(
            new DetachRolePolicyCommand({ RoleName: name, PolicyArn: arn }),
          ), true));
    },
  };
}

/** IAM gives documents percent-encoded (IAM API Reference, `GetUserPolicy`). */
function readDocument(text: string | undefined): PolicyDocument | undefined {
  return text === undefined ? undefined : JSON.parse(decodeURIComponent(text));
}
