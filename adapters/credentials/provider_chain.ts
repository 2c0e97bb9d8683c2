import { RdsiamError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { Secret } from "../../core/secret.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import { loadProfiles, type Profile } from "./shared_config.ts";
import type { Environment, Identity } from "./identity.ts";
import { endpointSettings } from "./endpoints.ts";
import { explainCredentialsError, missingProfile } from "./errors.ts";
import { keepRole, readRole, roleCachePath } from "./role_cache.ts";
import {
  askChain,
  assumeRole,
  type ChainOptions,
  type SdkCredentials,
} from "./sdk_chain.ts";
import type { SignInHelp } from "./sign_in.ts";
import { describeSource } from "./source.ts";
import { type Profiles, wantsMfa, wantsPatience } from "./source_profiles.ts";

/** How long a look-up may take that waits for no person, in milliseconds. */
const DEADLINE_MS = 12_000;

/** Credentials, and which kind they are. */
interface Found {
  credentials: SdkCredentials;
  source: string;
}

/** Where credentials are looked up. */
export interface Surroundings {
  /** The environment; the SDK reads the process's own. */
  environment: Environment;
  clock: Clock;
}

/** One look-up. */
interface LookUp extends Surroundings {
  identity: Identity;
  profiles: Profiles;
  options: Pick<
    ChainOptions,
    "clock" | "region" | "mfaCode" | "onReason" | "endpoints"
  >;
}

/**
 * Looks credentials up: profiles, SSO, processes, web identity, containers, instance metadata. A role that wants an MFA
 * code is asked for once in the life of its session, which the AWS CLI keeps, too.
 *
 * @throws {RdsiamError} `credentials`, saying which kind failed and what to do; a {@linkcode SignInError} when signing in
 * again is what helps
 */
export async function resolveAccessKey(
  identity: Identity,
  surroundings: Surroundings,
  help: Pick<SignInHelp, "askMfaCode"> = {},
): Promise<AccessKey> {
  const { profile, roleArn, region } = identity;
  const profiles = await loadProfiles();
  if (profile !== undefined && !Object.hasOwn(profiles, profile)) {
    throw missingProfile(profile, profiles);
  }
  const reasons: string[] = [];
  const mfaCode = (serial: string) => askMfaCode(serial, identity, help);
  const onReason = (reason: string) => void reasons.push(reason);
  const endpoints = {
    sts: await endpointSettings("STS", profile, surroundings.environment),
    sso: await endpointSettings("SSO", profile, surroundings.environment),
  };
  const { clock } = surroundings;
  const options = { clock, region, mfaCode, onReason, endpoints };
  const lookUp = { ...surroundings, identity, profiles, options };
  try {
    const found = await resolveProfile(profile, lookUp);
    if (roleArn === undefined) return accessKey(found);
    const params = { RoleArn: roleArn, RoleSessionName: "rdsiam" };
    const credentials = await assumeRole(found.credentials, params, options);
    const source = `role ${roleArn}, assumed from ${found.source}`;
    return accessKey({ credentials, source });
  } catch (error) {
    if (error instanceof RdsiamError) throw error;
    const { environment } = surroundings;
    throw explainCredentialsError(
      error,
      identity,
      profiles,
      environment,
      reasons,
    );
  }
}

async function resolveProfile(
  profile: string | undefined,
  lookUp: LookUp,
): Promise<Found> {
  const { profiles, options } = lookUp;
  const name = profile ?? "default";
  const settings = profiles[name] ?? {};
  if (wantsMfa(name, profiles)) {
    return await resolveMfaRole(name, settings, lookUp);
  }
  const credentials = await askChain({
    ...options,
    profile,
    profileRegion: settings.region,
    deadlineMs: wantsPatience(name, profiles) ? undefined : DEADLINE_MS,
  });
  return {
    credentials,
    source: describeSource(credentials, profile, settings),
  };
}

/**
 * The session of a role below which an MFA code is asked for. The SDK asks before it knows whether there are credentials
 * to assume the role with, and asks each time.
 */
async function resolveMfaRole(
  name: string,
  settings: Profile,
  lookUp: LookUp,
): Promise<Found> {
  const { role_arn = "", source_profile, mfa_serial, region } = settings;
  const source = `role ${role_arn} of profile "${name}"`;
  const path = mfa_serial === undefined
    ? undefined
    : roleCachePath(settings, lookUp.environment);
  const kept = path && await readRole(path, lookUp.clock.now());
  if (kept) return { credentials: sdkCredentials(kept), source };
  const { credentials: master } = await resolveProfile(source_profile, lookUp);
  const credentials = await assumeRole(master, roleParameters(settings), {
    ...lookUp.options,
    ...(region !== undefined && { region }),
  });
  if (path) await keepRole(path, accessKey({ credentials, source }));
  return { credentials, source };
}

function roleParameters(settings: Profile) {
  const { role_arn, external_id, mfa_serial, role_session_name } = settings;
  const seconds = Number.parseInt(settings.duration_seconds ?? "", 10);
  return {
    RoleArn: role_arn,
    RoleSessionName: role_session_name ?? "rdsiam",
    ...(external_id !== undefined && { ExternalId: external_id }),
    ...(mfa_serial !== undefined && { SerialNumber: mfa_serial }),
    ...(!Number.isNaN(seconds) && { DurationSeconds: seconds }),
  };
}

async function askMfaCode(
  serial: string,
  { profile = "default" }: Identity,
  help: Pick<SignInHelp, "askMfaCode">,
): Promise<string> {
  const code = await help.askMfaCode?.(serial);
  if (code === undefined) {
    throw new RdsiamError(
      "credentials",
      `Profile "${profile}" needs an MFA code, and there is no terminal to ask for it`,
      {
        hint:
          `Run this in a terminal, which keeps the session: aws sts get-caller-identity --profile ${profile}`,
      },
    );
  }
  if (!/^\d{6}$/.test(code.reveal())) {
    throw new RdsiamError("credentials", "The MFA code is not valid", {
      hint: "Type the six digits that the device shows",
    });
  }
  return code.reveal();
}

function accessKey({ credentials, source }: Found): AccessKey {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } =
    credentials;
  return {
    id: accessKeyId,
    secret: new Secret(secretAccessKey),
    ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    ...(expiration && { expiresAt: expiration.getTime() }),
    source,
  };
}

function sdkCredentials(key: AccessKey): SdkCredentials {
  const { id, secret, sessionToken, expiresAt } = key;
  return {
    accessKeyId: id,
    secretAccessKey: secret.reveal(),
    ...(sessionToken && { sessionToken: sessionToken.reveal() }),
    ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
  };
}
