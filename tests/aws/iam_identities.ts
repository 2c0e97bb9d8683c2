import type { QueryCall } from "./rds.ts";
import { Refusal } from "./refusal.ts";
import type { XmlValue } from "./xml.ts";

/** An IAM identity's policies. */
interface Identity {
  inline: Map<string, string>;
  attached: Set<string>;
}

/** Users and roles with policies of their own (IAM API Reference). */
export class IamIdentities {
  /** By `user/NAME` and `role/NAME`. */
  readonly all = new Map<string, Identity>();
  /** The versions of managed policies by their ARNs, the last one the default. */
  readonly managed = new Map<string, { id: string; text: string }[]>();
  #versions = 0;

  /** Makes an identity without policies. */
  add(name: string): void {
    this.all.set(name, { inline: new Map(), attached: new Set() });
  }

  /** Every document that counts for an identity. */
  documents(name: string): string[] {
    const { inline, attached } = this.#identity(name);
    return [
      ...inline.values(),
      ...[...attached].flatMap((arn) =>
        this.managed.get(arn)?.at(-1)?.text ?? []
      ),
    ];
  }

  /** The result of a call; `undefined` for one that is not about identities. */
  answer({ action, parameters }: QueryCall): XmlValue {
    const get = (name: string) => parameters.get(name) ?? "";
    const name = parameters.has("UserName")
      ? `user/${get("UserName")}`
      : `role/${get("RoleName")}`;
    const policy = get("PolicyName");
    const arn = get("PolicyArn");
    const verb = action.replace(/(User|Role)(?=Polic|$)/, "");
    switch (verb) {
      case "Get":
        this.#identity(name);
        return {
          [name.startsWith("user/") ? "User" : "Role"]: {
            Arn: `arn:aws:iam::123456789012:${name}`,
          },
        };
      case "Create":
        this.add(name);
        return { User: { Arn: `arn:aws:iam::123456789012:${name}` } };
      case "PutPolicy":
        this.#identity(name).inline.set(policy, get("PolicyDocument"));
        return {};
      case "DeletePolicy":
        this.#identity(name).inline.delete(policy);
        return {};
      case "GetPolicy": {
        if (arn !== "") {
          const versions = this.#policy(arn);
          return { Policy: { DefaultVersionId: versions.at(-1)?.id } };
        }
        const text = this.#identity(name).inline.get(policy);
        if (text === undefined) throw missing(`policy ${policy}`);
        return { PolicyDocument: encodeURIComponent(text) };
      }
      case "GetPolicyVersion": {
        const version = this.#policy(arn)
          .find(({ id }) => id === get("VersionId"));
        return {
          PolicyVersion: { Document: encodeURIComponent(version?.text ?? "") },
        };
      }
      case "CreatePolicy":
        this.managed.set(`arn:aws:iam::123456789012:policy/${policy}`, [
          this.#version(get("PolicyDocument")),
        ]);
        return { Policy: { PolicyName: policy } };
      case "CreatePolicyVersion": {
        const versions = this.#policy(arn);
        if (versions.length >= 5) {
          throw new Refusal("LimitExceeded", "A policy has 5 versions", 409);
        }
        versions.push(this.#version(get("PolicyDocument")));
        return { PolicyVersion: { IsDefaultVersion: true } };
      }
      case "ListPolicyVersions": {
        const versions = this.#policy(arn);
        return {
          IsTruncated: false,
          Versions: {
            member: versions.toReversed().map(({ id }, index) => ({
              VersionId: id,
              IsDefaultVersion: index === 0,
            })),
          },
        };
      }
      case "DeletePolicyVersion": {
        const versions = this.#policy(arn);
        const at = versions.findIndex(({ id }) => id === get("VersionId"));
        versions.splice(at, 1);
        return {};
      }
      case "AttachPolicy":
        this.#identity(name).attached.add(arn);
        return {};
      case "DetachPolicy":
        this.#identity(name).attached.delete(arn);
        return {};
      case "ListAttachedUserPolicies":
      case "ListAttachedRolePolicies":
      case "ListAttachedPolicies":
        return {
          IsTruncated: false,
          AttachedPolicies: {
            member: [...this.#identity(name).attached]
              .map((PolicyArn) => ({ PolicyArn })),
          },
        };
      default:
        return undefined;
    }
  }

  #version(text: string) {
    return { id: `v${++this.#versions}`, text };
  }

  #identity(name: string): Identity {
    const identity = this.all.get(name);
    if (identity === undefined) throw missing(name);
    return identity;
  }

  #policy(arn: string) {
    const versions = this.managed.get(arn);
    if (versions === undefined) throw missing(`policy ${arn}`);
    return versions;
  }
}

function missing(what: string): Refusal {
  return new Refusal("NoSuchEntity", `The ${what} cannot be found.`, 404);
}
