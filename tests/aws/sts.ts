import type { QueryCall } from "./rds.ts";
import { Refusal } from "./refusal.ts";
import type { XmlValue } from "./xml.ts";

/** STS for one caller, who may assume roles in other accounts. */
export class StsService {
  /** Who every key belongs to, but those of roles. */
  caller = {
    Account: "123456789012",
    Arn: "arn:aws:sts::123456789012:assumed-role/app/session",
    UserId: "AROAEXAMPLE:session",
  };
  /** Accounts whose roles may not be assumed. */
  readonly closedAccounts = new Set<string>();

  /** The result of a call; `undefined` for an action that it does not know. */
  answer({ action, parameters, account }: QueryCall): XmlValue {
    if (action === "AssumeRole") {
      return this.#assume(parameters.get("RoleArn") ?? "");
    }
    if (action !== "GetCallerIdentity") return undefined;
    const { Arn, UserId, Account } = this.caller;
    return { Arn, UserId, Account: account ?? Account };
  }

  /** The key of a role tells its account: `ASIA123456789012`. */
  #assume(role: string): XmlValue {
    const account = role.split(":")[4] ?? "";
    if (this.closedAccounts.has(account)) {
      throw new Refusal(
        "AccessDenied",
        `User: ${this.caller.Arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
        403,
      );
    }
    return {
      Credentials: {
        AccessKeyId: `ASIA${account}`,
        SecretAccessKey: "secret",
        SessionToken: "session",
        Expiration: "2100-01-01T00:00:00Z",
      },
    };
  }
}

/** The account of a role's key. */
export function accountOf(accessKeyId: string): string | undefined {
  return /^ASIA(\d{12})$/.exec(accessKeyId)?.[1];
}
