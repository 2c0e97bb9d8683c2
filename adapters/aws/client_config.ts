import type { CredentialSource } from "../credentials/credential_source.ts";
import type { Identity } from "../credentials/identity.ts";
import { SILENT, USER_AGENT } from "../credentials/sdk_settings.ts";

/** Who calls, with whose credentials. */
export interface AwsCaller {
  credentials: CredentialSource;
  /** Without its region: each call has its own. */
  identity: Omit<Identity, "region">;
}

/**
 * The settings of an SDK client in a region. The rest is the SDK's: endpoints (`AWS_ENDPOINT_URL…`), retries of what is
 * throttled (`AWS_MAX_ATTEMPTS`), FIPS and dual-stack.
 */
export function clientConfig(
  { credentials, identity }: AwsCaller,
  region: string,
) {
  const { profile } = identity;
  return {
    ...USER_AGENT,
    region,
    logger: SILENT,
    ...(profile !== undefined && { profile }),
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 10_000, // three tries: half a minute for a region that does not answer
      throwOnRequestTimeout: true,
    },
    async credentials() {
      const { id, secret, sessionToken, expiresAt } = await credentials.get({
        ...identity,
        region,
      });
      return {
        accessKeyId: id,
        secretAccessKey: secret.reveal(),
        ...(sessionToken && { sessionToken: sessionToken.reveal() }),
        ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
      };
    },
  };
}
