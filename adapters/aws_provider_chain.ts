import {
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from "@aws-sdk/credential-providers";
import { Secret } from "../core/secret.ts";
import type { AccessKey } from "../core/token/access_key.ts";
import { SILENT, USER_AGENT } from "./aws_client_config.ts";
import { loadProfiles } from "./aws_config.ts";
import type { Identity } from "./aws_credentials.ts";
import { explainCredentialsError, missingProfile } from "./aws_errors.ts";

/**
 * Looks credentials up through the SDK's provider chain: profiles, SSO, processes, web identity, containers, instance
 * metadata. The chain is made anew each time, since it would keep for ever what has no end.
 *
 * @throws {RdsiamError} `credentials`, saying which kind failed and what to do
 */
export async function resolveAccessKey(identity: Identity): Promise<AccessKey> {
  const { profile } = identity;
  if (profile !== undefined) {
    const profiles = await loadProfiles();
    if (!Object.hasOwn(profiles, profile)) {
      throw missingProfile(profile, profiles);
    }
  }
  try {
    const credentials = await makeProvider(identity)();
    const { accessKeyId, secretAccessKey, sessionToken, expiration } =
      credentials;
    return {
      id: accessKeyId,
      secret: new Secret(secretAccessKey),
      ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
      ...(expiration && { expiresAt: expiration.getTime() }),
    };
  } catch (error) {
    throw explainCredentialsError(error, identity, await loadProfiles());
  }
}

function makeProvider({ profile, roleArn, region }: Identity) {
  const chain = fromNodeProviderChain({
    ...(profile !== undefined && { profile }),
    ignoreCache: true,
    logger: SILENT,
    // For the STS of a profile that names no region: else it is us-east-1, which no other partition knows, and a
    // warning on the console.
    parentClientConfig: { region },
    clientConfig: USER_AGENT,
  });
  if (roleArn === undefined) return chain;
  return fromTemporaryCredentials({
    masterCredentials: chain,
    params: { RoleArn: roleArn, RoleSessionName: "rdsiam" },
    clientConfig: { ...USER_AGENT, region },
    logger: SILENT,
  });
}
