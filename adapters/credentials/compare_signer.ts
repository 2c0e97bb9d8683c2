import { Signer } from "@aws-sdk/rds-signer";
import { signToken } from "../../core/token/sign.ts";
import { parseAmzDate, type TokenRequest } from "../../core/token/token.ts";
import type { CredentialSource } from "./credential_source.ts";

/**
 * Whether the token that rdsiam signs is the one of `@aws-sdk/rds-signer`, AWS's own library, for the same request, key and
 * second.
 *
 * @throws {RdsiamError} `credentials`, when there are none
 */
export async function isSignedAsByAws(
  request: TokenRequest,
  credentials: CredentialSource,
): Promise<boolean> {
  const key = await credentials.get(request);
  const { id, secret, sessionToken, expiresAt } = key;
  const signer = new Signer({
    hostname: request.host,
    port: request.port,
    username: request.username,
    region: request.region,
    credentials: {
      accessKeyId: id,
      secretAccessKey: secret.reveal(),
      ...(sessionToken && { sessionToken: sessionToken.reveal() }),
      ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
    },
  });
  const theirs = await signer.getAuthToken();
  const date = /[?&]X-Amz-Date=(\w+)/.exec(theirs)?.[1] ?? "";
  const at = parseAmzDate(date);
  if (at === undefined) return false;
  const ours = await signToken(request, key, at);
  return ours.secret.reveal() === theirs;
}
