import { displayName } from "../../access/identifier.ts";
import { isToken } from "../../token/is_token.ts";
import { formatAddress } from "../../target/address.ts";
import type { Target } from "../../target/target.ts";
import {
  parseToken,
  TOKEN_LIFETIME_MS,
  tokenIssuedAt,
} from "../../token/token.ts";
import { duration } from "../duration.ts";

/** What is wrong with a password that clients find, and with what it is. */
export type StoredFault =
  /** It is a token of another host, port, user or region. */
  | { kind: "foreign"; why: string }
  | { kind: "expired"; why: string }
  | { kind: "no token"; why: string };

/**
 * Whether a password that clients find by themselves lets the target's user in, as far as its text says: most refused
 * logins of people who copy tokens are these.
 *
 * @param now milliseconds since the epoch
 * @returns `undefined` for a token that is good for `leftMs` more
 */
export function faultOf(
  password: string,
  { host, port, username, region }: Target,
  now: number,
): StoredFault | { kind: "good"; leftMs: number } {
  if (!isToken(password)) {
    return { kind: "no token", why: "is no token, but a password" };
  }
  const token = parseToken(password);
  const parameters = new Map(token.parameters);
  const signedFor = token.address.toLowerCase();
  if (signedFor !== formatAddress(host, port)) {
    return foreign(`"${signedFor}"`, `"${formatAddress(host, port)}"`);
  }
  const user = parameters.get("DBUser") ?? "";
  if (user !== username) {
    return foreign(`user ${displayName(user)}`, displayName(username));
  }
  const scope = parameters.get("X-Amz-Credential")?.split("/")[2] ?? "";
  if (scope !== region) return foreign(`region "${scope}"`, `"${region}"`);
  let issuedAt: number;
  try {
    issuedAt = tokenIssuedAt(token);
  } catch {
    return { kind: "foreign", why: "is a token without a date" };
  }
  const leftMs = issuedAt + TOKEN_LIFETIME_MS - now;
  return leftMs > 0 ? { kind: "good", leftMs } : {
    kind: "expired",
    why: `is a token that expired ${duration(-leftMs)} ago`,
  };
}

function foreign(found: string, wanted: string): StoredFault {
  return { kind: "foreign", why: `is a token for ${found}, not ${wanted}` };
}
