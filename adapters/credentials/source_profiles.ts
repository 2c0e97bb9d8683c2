import type { Profile } from "./shared_config.ts";

/** The profiles of the shared files, by name. */
export type Profiles = Readonly<Record<string, Profile>>;

/** A profile, the one that it takes its credentials from, and so on, by their names; each once. */
export function sourceProfiles(
  name: string,
  profiles: Profiles,
): readonly [name: string, profile: Profile][] {
  const chain = new Map<string, Profile>();
  for (let next: string | undefined = name; next !== undefined;) {
    const profile: Profile | undefined = profiles[next];
    if (profile === undefined || chain.has(next)) break;
    chain.set(next, profile);
    next = profile.source_profile;
  }
  return [...chain];
}

/** Whether an MFA code is asked for on the way to a profile's role, from another profile's credentials. */
export function wantsMfa(name: string, profiles: Profiles): boolean {
  const chain = sourceProfiles(name, profiles).map(([, profile]) => profile);
  // One that ends in itself, or leads in a circle, is the SDK's to judge.
  return chain.at(-1)?.source_profile === undefined && chain.length > 1 &&
    chain.some(({ role_arn, mfa_serial }) => role_arn && mfa_serial);
}

/** Whether a look-up may wait for a person: their own program, or a code. */
export function wantsPatience(name: string, profiles: Profiles): boolean {
  return sourceProfiles(name, profiles).some(([, profile]) =>
    profile.credential_process !== undefined || profile.mfa_serial !== undefined
  );
}
