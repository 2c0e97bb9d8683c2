import { didYouMean } from "../../core/text/nearest.ts";
import { RdsiamError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import { containerKey, instanceKey } from "./agents.ts";
import {
  PROCESS_DEADLINE_MS,
  runCredentialProcess,
} from "./credential_process.ts";
import { environmentKey } from "./environment_key.ts";
import { brokenProfile, SOURCE_HINTS } from "./errors.ts";
import { explainFailure } from "./failure_rules.ts";
import type { LookUp } from "./look_up.ts";
import { assume } from "./role.ts";
import type { Profile } from "./shared_config.ts";

/**
 * The key that a profile gives, by the first that it has of: a role, a web identity, SSO, a key in the credentials file, a login
 * session, a process, a key in the config file. Where no profile is named, the web identity of the environment is its own.
 *
 * @param visited the profiles that led here by their `source_profile`
 * @see botocore/credentials.py, `ProfileProviderBuilder` and `AssumeRoleProvider`
 * @returns `undefined` where it has none of them
 * @throws {RdsiamError} `credentials`, when what it has gives none
 */
export async function profileKey(
  name: string,
  lookUp: LookUp,
  visited: readonly string[] = [],
): Promise<AccessKey | undefined> {
  const settings = lookUp.config.profiles[name] ?? {};
  const isSource = visited.length > 0;
  const hasKey = Boolean(
    settings.aws_access_key_id ?? settings.aws_secret_access_key,
  );
  const isRole = settings.role_arn && !settings.web_identity_token_file;
  // One that is its own source has a key beside its role.
  if (isRole && !(isSource && hasKey)) {
    return await roleKey(name, settings, lookUp, visited);
  }
  return await ownKey(name, settings, lookUp, isSource);
}

async function ownKey(
  name: string,
  settings: Profile,
  lookUp: LookUp,
  isSource: boolean,
): Promise<AccessKey | undefined> {
  const key = await webIdentityKey(name, settings, lookUp, isSource);
  if (key !== undefined) return key;
  if (settings.sso_role_name || settings.sso_account_id) {
    return await ssoKey(name, settings, lookUp);
  }
  if (lookUp.config.keyed.has(name)) return staticKey(name, settings);
  if (settings.login_session) return await loginKey(name, settings, lookUp);
  if (settings.credential_process) {
    return await processKey(name, settings.credential_process, lookUp);
  }
  return staticKey(name, settings);
}

async function webIdentityKey(
  name: string,
  settings: Profile,
  { identity, environment, endpoints: { sts } }: LookUp,
  isSource: boolean,
): Promise<AccessKey | undefined> {
  const isOwn = isSource || identity.profile !== undefined;
  const ambient = isOwn ? {} : environment;
  const file = ambient.AWS_WEB_IDENTITY_TOKEN_FILE ||
    settings.web_identity_token_file;
  if (!file) return undefined;
  const role = ambient.AWS_ROLE_ARN || settings.role_arn;
  if (!role) {
    throw brokenProfile(
      name,
      "has a web identity and no role to assume with it",
      "Set role_arn in it, or AWS_ROLE_ARN",
    );
  }
  const isAmbient = file === ambient.AWS_WEB_IDENTITY_TOKEN_FILE;
  try {
    const { assumeRoleWithWebIdentity } = await import("./sdk_providers.ts");
    const key = await assumeRoleWithWebIdentity({
      webIdentityTokenFile: file,
      roleArn: role,
      roleSessionName: ambient.AWS_ROLE_SESSION_NAME ||
        settings.role_session_name || "rdsiam",
    }, { endpoint: sts, region: settings.region ?? identity.region });
    const whose = isAmbient ? "" : `, profile "${name}"`;
    return { ...key, source: `a web identity${whose}` };
  } catch (error) {
    explainFailure(
      { kind: "web identity", profile: name, role, isAmbient },
      error,
    );
  }
}

async function ssoKey(
  name: string,
  settings: Profile,
  { config: { ssoSessions }, endpoints: { sso } }: LookUp,
): Promise<AccessKey> {
  const { sso_session: sessionName } = settings;
  const session = ssoSessions[sessionName ?? ""];
  if (sessionName !== undefined && session === undefined) {
    throw brokenProfile(
      name,
      `names the sso-session "${sessionName}", which is not configured`,
      didYouMean(sessionName, Object.keys(ssoSessions)) ??
        `Add [sso-session ${sessionName}] with sso_start_url and sso_region, or run: aws configure sso --profile ${name}`,
    );
  }
  const all = { ...settings, ...session };
  const missing = ["account_id", "role_name", "start_url", "region"]
    .map((setting) => `sso_${setting}`).find((setting) => !all[setting]);
  if (missing !== undefined) {
    throw brokenProfile(
      name,
      `signs in by SSO and has no ${missing}`,
      `Add it, or run: aws configure sso --profile ${name}`,
    );
  }
  try {
    const { askSso } = await import("./sdk_providers.ts");
    const key = await askSso(
      settings,
      session && { name: sessionName ?? "", settings: session },
      { endpoint: sso },
    );
    return { ...key, source: `SSO, profile "${name}"` };
  } catch (error) {
    explainFailure({ kind: "SSO", profile: name }, error);
  }
}

async function loginKey(
  name: string,
  settings: Profile,
  { identity }: LookUp,
): Promise<AccessKey> {
  try {
    const { askLogin } = await import("./sdk_providers.ts");
    const key = await askLogin(settings, identity.region);
    return { ...key, source: `aws login, profile "${name}"` };
  } catch (error) {
    explainFailure({ kind: "login", profile: name }, error);
  }
}

async function processKey(
  name: string,
  line: string,
  { environment, clock, help }: LookUp,
): Promise<AccessKey> {
  const key = await runCredentialProcess(line, {
    profile: name,
    environment,
    clock,
    // Somebody may have to sign in.
    deadlineMs: help.signIn === undefined ? PROCESS_DEADLINE_MS : undefined,
  });
  return { ...key, source: `credential_process, profile "${name}"` };
}

function staticKey(name: string, settings: Profile): AccessKey | undefined {
  const { aws_access_key_id: id, aws_secret_access_key: secret } = settings;
  const sessionToken = settings.aws_security_token ||
    settings.aws_session_token;
  if (!id && !secret) return undefined;
  if (!id || !secret) {
    const [there, missing] = id
      ? ["aws_access_key_id", "aws_secret_access_key"]
      : ["aws_secret_access_key", "aws_access_key_id"];
    throw brokenProfile(
      name,
      `has half a key: ${there} and no ${missing}`,
      `Run: aws configure --profile ${name}`,
    );
  }
  return {
    id,
    secret: new Secret(secret),
    ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    source: `the shared files, profile "${name}"`,
  };
}

/** The session of a profile's role, assumed with what it names as its source. */
async function roleKey(
  name: string,
  settings: Profile,
  lookUp: LookUp,
  visited: readonly string[],
): Promise<AccessKey> {
  const { role_arn, region = lookUp.identity.region } = settings;
  const key = await assume(
    settings,
    () => sourceKey(name, settings, lookUp, [...visited, name]),
    { region, whose: `profile "${name}"` },
    lookUp,
  );
  return { ...key, source: `role ${role_arn}, profile "${name}"` };
}

async function sourceKey(
  name: string,
  { source_profile: source, credential_source: agent }: Profile,
  lookUp: LookUp,
  visited: readonly string[],
): Promise<AccessKey> {
  if (source !== undefined && agent !== undefined) {
    throw brokenProfile(
      name,
      "has both a source_profile and a credential_source",
      "Take one of them out",
    );
  }
  if (agent !== undefined) return await agentKey(name, agent, lookUp);
  if (source === undefined) {
    throw brokenProfile(
      name,
      "has a role_arn, and nothing to assume it with",
      "Add source_profile or credential_source",
    );
  }
  const { profiles } = lookUp.config;
  if (!Object.hasOwn(profiles, source)) {
    throw brokenProfile(
      name,
      `takes its credentials from the source_profile "${source}", which is not configured`,
      didYouMean(source, Object.keys(profiles)) ??
        `Run: aws configure --profile ${source}`,
    );
  }
  const { aws_access_key_id: id } = profiles[source] ?? {};
  if (visited.includes(source) && !(source === name && id)) {
    throw brokenProfile(
      name,
      `takes its credentials in a circle: ${[...visited, source].join(", ")}`,
      "Name a source_profile that has credentials of its own",
    );
  }
  const key = await profileKey(source, lookUp, visited);
  if (key !== undefined) return key;
  throw brokenProfile(
    name,
    `takes its credentials from the source_profile "${source}", which has none`,
  );
}

async function agentKey(
  name: string,
  source: string,
  lookUp: LookUp,
): Promise<AccessKey> {
  const key = source === "Environment"
    ? environmentKey(lookUp.environment)
    : source === "EcsContainer"
    ? await containerKey(lookUp)
    : source === "Ec2InstanceMetadata"
    ? await instanceKey(lookUp)
    : undefined;
  if (key !== undefined) return key;
  throw new RdsiamError(
    "credentials",
    `There are no credentials from ${source}, the credential_source of profile "${name}"`,
    {
      hint: SOURCE_HINTS[source] ??
        `Known: ${Object.keys(SOURCE_HINTS).join(", ")}`,
    },
  );
}
