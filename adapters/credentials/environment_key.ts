import { RdsiamError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import type { Environment } from "./identity.ts";

/**
 * The key in `AWS_ACCESS_KEY_ID` and its companions; of two session tokens the older variable's, as in the AWS CLI.
 *
 * @param warn hears of an end that is no date
 * @throws {RdsiamError} `credentials`, when only half of it is there
 */
export function environmentKey(
  environment: Environment,
  warn?: (message: string) => void,
): AccessKey | undefined {
  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_CREDENTIAL_EXPIRATION: expiration,
  } = environment;
  const sessionToken = environment.AWS_SECURITY_TOKEN ||
    environment.AWS_SESSION_TOKEN;
  if (!id && !secret) return undefined;
  if (!id || !secret) {
    const [there, missing] = id
      ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
      : ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"];
    throw new RdsiamError(
      "credentials",
      `${missing} is missing: ${there} stands alone in the environment`,
      { hint: `Set ${missing} too, or unset ${there}` },
    );
  }
  const expiresAt = expiration ? Date.parse(expiration) : NaN;
  if (expiration && Number.isNaN(expiresAt)) {
    warn?.(
      "AWS_CREDENTIAL_EXPIRATION is not a date: when these credentials expire is unknown",
    );
  }
  return {
    id,
    secret: new Secret(secret),
    ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
    source: "the environment",
  };
}
