import { loadSharedConfigFiles } from "@smithy/core/config";

/** The settings of one profile of the AWS shared config and credentials files. */
export type Profile = Readonly<Record<string, string | undefined>>;

/** What the AWS shared config and credentials files hold. */
export interface SharedConfig {
  /** Every profile by its name. */
  profiles: Record<string, Profile>;
  /** The `services` sections by name, a service's settings as `rds.endpoint_url`. */
  services: Record<string, Profile>;
}

/** Every profile of the AWS shared config and credentials files, by name; unreadable files count as empty. */
export async function loadProfiles(): Promise<Record<string, Profile>> {
  return (await loadSharedConfig()).profiles;
}

/** The AWS shared config and credentials files; unreadable ones count as empty. */
export async function loadSharedConfig(): Promise<SharedConfig> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ignoreCache: true, // a long-running rdsiam must see what `aws configure` changed
  });
  const profiles: Record<string, Profile> = {};
  const services: Record<string, Profile> = {};
  for (const file of [configFile, credentialsFile]) {
    for (const [name, settings] of Object.entries(file)) {
      const [, kind, section = ""] =
        /^(sso-session|services)\.(.*)$/.exec(name) ?? [];
      if (kind === "services") services[section] = settings;
      if (kind !== undefined) continue;
      profiles[name] = { ...profiles[name], ...settings };
    }
  }
  return { profiles, services };
}

/**
 * The region that the environment or a profile names: `AWS_REGION`, `AWS_DEFAULT_REGION`, then the profile's `region`.
 *
 * @param profile the profile, `default` when none is named
 */
export async function defaultRegion(
  environment: Readonly<Record<string, string | undefined>>,
  profile = "default",
): Promise<string | undefined> {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION ||
    (await loadProfiles())[profile]?.region;
}
