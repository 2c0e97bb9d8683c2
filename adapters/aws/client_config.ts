import type { CredentialSource } from "../credentials/credential_source.ts";
import { endpointSettings } from "../credentials/endpoints.ts";
import type { Identity } from "../credentials/identity.ts";
import { SILENT, USER_AGENT } from "../credentials/sdk_settings.ts";

/** Who calls, with whose credentials. */
export interface AwsCaller {
  credentials: CredentialSource;
  /** Its region is the one whose STS assumes a role; where it is left out, that of each call. */
  identity: Omit<Identity, "region"> & { region?: string };
  /** Hears when AWS answered, by its clock and by this machine's, in milliseconds since the epoch. */
  onTime?: (time: { server: number; local: number }) => void;
}

/**
 * Makes the settings of an SDK client of a service in a region. The rest is the SDK's: retries of what is throttled
 * (`AWS_MAX_ATTEMPTS`), FIPS and dual-stack.
 *
 * @param service its id as the SDK has it: `RDS`, `STS`, `IAM`
 * @throws {RdsiamError} `credentials`, as {@linkcode endpointSettings} does
 */
export async function clientConfigs(
  { credentials, identity }: AwsCaller,
  service: string,
) {
  const { profile } = identity;
  const { environment } = credentials;
  const endpoint = await endpointSettings(service, profile, environment);
  return (region: string) => ({
    ...endpoint,
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
        region,
        ...identity,
      });
      return {
        accessKeyId: id,
        secretAccessKey: secret.reveal(),
        ...(sessionToken && { sessionToken: sessionToken.reveal() }),
        ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
      };
    },
  });
}
