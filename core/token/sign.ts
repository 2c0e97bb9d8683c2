import { RdsiamError } from "../errors.ts";
import { Secret } from "../secret.ts";
import type { AccessKey } from "./access_key.ts";
import { encodeRfc3986, signPresignedGet } from "./sigv4.ts";
import {
  type AuthToken,
  TOKEN_LIFETIME_MS,
  tokenExpiry,
  type TokenRequest,
} from "./token.ts";

/**
 * Signs a token: the same text, byte for byte, as AWS's own `@aws-sdk/rds-signer` makes.
 *
 * It is made here since loading that library takes longer than all the rest of `rdsiam token` (`deno task bench token`);
 * the tests hold both against each other.
 *
 * @param now milliseconds since the epoch
 * @throws {RdsiamError} `credentials`, when the key has ended: its token would be refused
 */
export async function signToken(
  request: TokenRequest,
  key: AccessKey,
  now: number,
): Promise<AuthToken> {
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    throw new RdsiamError(
      "credentials",
      `AWS credentials ended at ${
        new Date(key.expiresAt).toISOString()
      }: a token of theirs would be refused`,
      { hint: "Sign in again, for example with aws sso login" },
    );
  }
  const issuedAt = Math.floor(now / 1000) * 1000;
  const date = new Date(issuedAt).toISOString().replace(/\.000|[-:]/g, "");
  const scope = `${date.slice(0, 8)}/${request.region}/rds-db/aws4_request`;
  const host = `${request.host}:${request.port}`;
  const parameters: [string, string][] = [
    ["Action", "connect"],
    ["DBUser", request.username],
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `${key.id}/${scope}`],
    ["X-Amz-Date", date],
    ["X-Amz-Expires", String(TOKEN_LIFETIME_MS / 1000)],
    ["X-Amz-SignedHeaders", "host"],
  ];
  if (key.sessionToken !== undefined) {
    parameters.push(["X-Amz-Security-Token", key.sessionToken.reveal()]);
  }
  const signature = await signPresignedGet(
    { host, parameters, date, scope },
    key.secret.reveal(),
  );
  const query = [...parameters, ["X-Amz-Signature", signature] as const]
    .map(([name, value]) => `${name}=${encodeRfc3986(value)}`)
    .sort()
    .join("&");
  return {
    secret: new Secret(`${host}/?${query}`),
    issuedAt,
    expiresAt: tokenExpiry(issuedAt, key.expiresAt),
  };
}
