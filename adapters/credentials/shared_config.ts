import { join } from "node:path";
import type { Environment } from "./identity.ts";
import { parseIni, type Section, words } from "./ini.ts";

/** The settings of one profile of the AWS shared config and credentials files. */
export type Profile = Readonly<Record<string, string | undefined>>;

/** What the AWS shared config and credentials files hold. */
export interface SharedConfig {
  /** Every profile by its name, of both files. */
  profiles: Record<string, Profile>;
  /** The names of those that have a key in the credentials file, which comes before other kinds of the config file. */
  keyed: ReadonlySet<string>;
  /** The `services` sections by name, a service's settings as `rds.endpoint_url`. */
  services: Record<string, Profile>;
  /** The `sso-session` sections by name. */
  ssoSessions: Record<string, Profile>;
}

/** Every profile of the AWS shared config and credentials files, by name; unreadable files count as empty. */
export async function loadProfiles(
  environment: Environment,
): Promise<Record<string, Profile>> {
  return (await loadSharedConfig(environment)).profiles;
}

/** The AWS shared config and credentials files as they are now; unreadable ones count as empty. */
export async function loadSharedConfig(
  environment: Environment,
): Promise<SharedConfig> {
  const [config, credentials] = await Promise.all([
    read(environment.AWS_CONFIG_FILE, "config", environment),
    read(environment.AWS_SHARED_CREDENTIALS_FILE, "credentials", environment),
  ]);
  const kinds: Record<string, Record<string, Section>> = {
    profile: {},
    services: {},
    "sso-session": {},
  };
  for (const [header, settings] of config) {
    const [kind = "", name, more] = header === "default"
      ? ["profile", header]
      : words(header);
    const sections = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (sections === undefined || name === undefined || more) continue;
    sections[name] = { ...sections[name], ...settings };
  }
  const { profile: profiles = {}, services = {} } = kinds;
  for (const [name, settings] of credentials) {
    profiles[name] = { ...profiles[name], ...settings };
  }
  const keyed = [...credentials].filter(([, { aws_access_key_id: id }]) => id);
  return {
    profiles,
    keyed: new Set(keyed.map(([name]) => name)),
    services,
    ssoSessions: kinds["sso-session"] ?? {},
  };
}

/** The profile that the environment names. Of two names the AWS CLI's version 2 takes the first. */
export function ambientProfile(
  { AWS_PROFILE, AWS_DEFAULT_PROFILE }: Environment,
): string | undefined {
  return AWS_PROFILE || AWS_DEFAULT_PROFILE || undefined;
}

/**
 * The region that the environment or a profile names: `AWS_REGION`, `AWS_DEFAULT_REGION`, then the profile's `region`.
 *
 * @param profile the profile; where none is named, the environment's, else `default`
 */
export async function defaultRegion(
  environment: Readonly<Record<string, string | undefined>>,
  profile: string = ambientProfile(environment) ?? "default",
): Promise<string | undefined> {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION ||
    (await loadProfiles(environment))[profile]?.region;
}

async function read(
  named: string | undefined,
  file: string,
  { HOME, USERPROFILE }: Environment,
): Promise<Map<string, Section>> {
  const home = HOME || USERPROFILE;
  const path = named?.replace(/^~(?=\/|$)/, home ?? "~") ||
    (home === undefined ? undefined : join(home, ".aws", file));
  if (path === undefined) return new Map();
  try {
    return parseIni(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return new Map();
  }
}
