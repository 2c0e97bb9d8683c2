/** The SDK's providers. Its clients take some 100 ms to load: whoever needs one imports this file then. */
import {
  fromHttp,
  fromInstanceMetadata,
  fromLoginCredentials,
  fromSSO,
  fromTemporaryCredentials,
  fromTokenFile,
} from "@aws-sdk/credential-providers";
import { externalDataInterceptor } from "@smithy/core/config";
import type { Clock } from "../../core/ports/clock.ts";
import { Secret } from "../../core/secret.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import { within } from "../../core/ports/within.ts";
import type { EndpointSettings } from "./endpoints.ts";
import { SILENT, USER_AGENT } from "./sdk_settings.ts";
import type { Profile } from "./shared_config.ts";

/** Keys as the SDK has them. */
interface SdkCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** How a service is called. */
export interface ServiceOptions {
  endpoint: EndpointSettings;
  region: string;
}

/** How STS and SSO are called: no service is waited for long, and one look-up tries each at most twice. */
const CLIENT = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
  logger: SILENT, // else warnings on the console
  ...USER_AGENT,
};

/** How long an agent of a container or an instance may take in all, in milliseconds. */
export const AGENT_DEADLINE_MS = 12_000;

/** What assuming a role takes. */
export interface RoleParameters {
  RoleArn: string;
  RoleSessionName: string;
  ExternalId?: string;
  SerialNumber?: string;
  DurationSeconds?: number;
}

/** Assumes a role with other credentials. */
export async function assumeRole(
  source: AccessKey,
  params: RoleParameters,
  { endpoint, region }: ServiceOptions,
  mfaCode: (serial: string) => Promise<string>,
): Promise<AccessKey> {
  return toKey(
    await fromTemporaryCredentials({
      masterCredentials: fromKey(source),
      params,
      mfaCodeProvider: mfaCode,
      clientConfig: { ...CLIENT, ...endpoint, region },
      logger: SILENT,
    })(),
  );
}

/** Assumes a role with the token of a file, as Kubernetes and CI systems mount it. */
export async function assumeRoleWithWebIdentity(
  identity: {
    webIdentityTokenFile: string;
    roleArn: string;
    roleSessionName: string;
  },
  { endpoint, region }: ServiceOptions,
): Promise<AccessKey> {
  return toKey(
    await fromTokenFile({
      ...identity,
      clientConfig: { ...CLIENT, ...endpoint, region },
      logger: SILENT,
    })(),
  );
}

/** Gets the credentials of an SSO role for whoever has signed in. */
export async function askSso(
  settings: Profile,
  session: { name: string; settings: Profile } | undefined,
  { endpoint }: Pick<ServiceOptions, "endpoint">,
): Promise<AccessKey> {
  const file = virtualFile([
    ["profile rdsiam", settings],
    ...(session
      ? [[`sso-session ${session.name}`, session.settings] as const]
      : []),
  ]);
  return toKey(
    await fromSSO({
      ...file,
      clientConfig: { ...CLIENT, ...endpoint },
      logger: SILENT,
    })(),
  );
}

/** Gets the credentials of whoever has signed in with `aws login`. */
export async function askLogin(
  settings: Profile,
  region: string,
): Promise<AccessKey> {
  return toKey(
    await fromLoginCredentials({
      ...virtualFile([["profile rdsiam", { region, ...settings }]]),
      clientConfig: CLIENT,
      logger: SILENT,
    })(),
  );
}

/** Asks the agent of a container. It would be waited for without end. */
export async function askContainer(
  clock: Clock,
  deadlineMs = AGENT_DEADLINE_MS,
): Promise<AccessKey> {
  return await within(
    clock,
    deadlineMs,
    tooLong,
    async () => toKey(await fromHttp({ logger: SILENT })()),
  );
}

/** Asks the metadata of an instance, by IMDSv2. */
export async function askInstance(clock: Clock): Promise<AccessKey> {
  return await within(
    clock,
    AGENT_DEADLINE_MS,
    tooLong,
    async () => toKey(await fromInstanceMetadata({ logger: SILENT })()),
  );
}

/**
 * Gives the SDK sections to read where it insists on a file: it knows fewer forms of names and lines than the AWS CLI.
 *
 * @returns its options for that
 */
function virtualFile(
  sections: readonly (readonly [header: string, settings: Profile])[],
) {
  const text = sections.map(([header, settings]) => {
    const lines = Object.entries(settings)
      .filter(([name]) => /^(sso_|region|login_session)/.test(name))
      .map(([name, value]) => `${name} = ${value}\n`);
    return `[${header}]\n${lines.join("")}`;
  }).join("");
  const path = `rdsiam:${text}`;
  externalDataInterceptor.interceptFile(path, text);
  externalDataInterceptor.interceptFile("rdsiam:", "");
  return { profile: "rdsiam", configFilepath: path, filepath: "rdsiam:" };
}

function toKey(credentials: SdkCredentials): AccessKey {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } =
    credentials;
  return {
    id: accessKeyId,
    secret: new Secret(secretAccessKey),
    ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    ...(expiration && { expiresAt: expiration.getTime() }),
  };
}

function fromKey({ id, secret, sessionToken, expiresAt }: AccessKey) {
  return {
    accessKeyId: id,
    secretAccessKey: secret.reveal(),
    ...(sessionToken && { sessionToken: sessionToken.reveal() }),
    ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
  } satisfies SdkCredentials;
}

function tooLong(): Error {
  return new DOMException("The look-up took too long", "TimeoutError");
}
