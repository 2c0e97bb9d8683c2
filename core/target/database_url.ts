import { isConnectionUrl, parseConnectionUrl } from "./connection_url.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { TargetFields } from "./fields.ts";

/** What `DATABASE_URL` says of a target. */
export interface DatabaseUrl {
  fields: TargetFields;
  /** Whether it holds a password, which rdsiam does not use. */
  hasPassword: boolean;
}

/**
 * Reads `DATABASE_URL`, which is other programs' own: `undefined` unless it leads to an RDS endpoint. Its password and its
 * parameters are left out, since frameworks have their own, and a weak `sslmode` would be taken with them.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl | undefined {
  if (!isConnectionUrl(text)) return undefined;
  // A password's own @, / and ? need not be encoded: the host is behind the last @.
  const [, start = "", user = "", password, rest = ""] =
    /^(\w+:\/\/)(?:([^:@/?#]*)(:.*)?@)?([^@]*)$/s.exec(text) ?? [];
  const [address = ""] = rest.split(/[?#]/);
  try {
    const fields = parseConnectionUrl(
      user === "" ? `${start}${address}` : `${start}${user}@${address}`,
    );
    return parseEndpoint(fields.host ?? "") === undefined
      ? undefined
      : { fields, hasPassword: password !== undefined };
  } catch {
    return undefined;
  }
}
