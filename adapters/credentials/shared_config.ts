import { loadSharedConfigFiles } from "@smithy/core/config";

/** The settings of one profile of the AWS shared config and credentials files. */
export type Profile = Readonly<Record<string, string | undefined>>;

/** Every profile of the AWS shared config and credentials files, by name; unreadable files count as empty. */
export async function loadProfiles(): Promise<Record<string, Profile>> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ignoreCache: true, // a long-running rdsiam must see what `aws configure` changed
  });
  const profiles: Record<string, Profile> = {};
  for (const file of [configFile, credentialsFile]) {
    for (const [name, settings] of Object.entries(file)) {
      if (/^(sso-session|services)\./.test(name)) continue;
      profiles[name] = { ...profiles[name], ...settings };
    }
  }
  return profiles;
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
