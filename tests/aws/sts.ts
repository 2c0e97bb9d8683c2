import type { QueryCall } from "./rds.ts";
import type { XmlValue } from "./xml.ts";

/** STS for one caller. */
export class StsService {
  /** Who every key belongs to. */
  caller = {
    Account: "123456789012",
    Arn: "arn:aws:sts::123456789012:assumed-role/app/session",
    UserId: "AROAEXAMPLE:session",
  };

  /** The result of a call; `undefined` for an action that it does not know. */
  answer({ action }: QueryCall): XmlValue {
    if (action !== "GetCallerIdentity") return undefined;
    const { Arn, UserId, Account } = this.caller;
    return { Arn, UserId, Account };
  }
}
