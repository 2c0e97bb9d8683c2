import { Signer as RdsSigner } from "@aws-sdk/rds-signer";
import { RdsiamError } from "../core/errors.ts";
import type { Clock, Signer } from "../core/ports.ts";
import { Secret } from "../core/secret.ts";
import {
  type AuthToken,
  parseToken,
  tokenExpiry,
  tokenIssuedAt,
  type TokenRequest,
} from "../core/token/token.ts";
import { type Credentials, CredentialSource } from "./aws_credentials.ts";

/** Makes the signer that uses AWS's own library and the credentials of the environment. */
export function createAwsSigner(clock: Clock): Signer {
  const credentials = new CredentialSource(clock);
  return {
    async sign(request) {
      return await signToken(
        request,
        await credentials.get(request),
        clock.now(),
      );
    },
  };
}

/**
 * Signs a token with these credentials.
 *
 * @param now milliseconds since the epoch; the token itself is dated by the system's clock
 * @throws {RdsiamError} `credentials`, when they have ended
 */
export async function signToken(
  request: TokenRequest,
  credentials: Credentials,
  now: number,
): Promise<AuthToken> {
  const end = credentials.expiration?.getTime();
  if (end !== undefined && end <= now) {
    throw new RdsiamError(
      "credentials",
      `AWS credentials ended at ${
        new Date(end).toISOString()
      }: a token of theirs would be refused`,
      { hint: "Sign in again, for example with aws sso login" },
    );
  }
  const { host: hostname, port, username, region } = request;
  // A plain credentials object: the library would sign with nearly ended ones of a provider without a word.
  const text = await new RdsSigner({
    hostname,
    port,
    username,
    region,
    credentials,
  })
    .getAuthToken();
  const issuedAt = tokenIssuedAt(parseToken(text));
  return {
    secret: new Secret(text),
    issuedAt,
    expiresAt: tokenExpiry(issuedAt, end),
  };
}
