import type { Profile } from "./shared_config.ts";

/** What the SDK notes of where credentials came from, the nearest to their origin first. */
const KINDS: readonly [feature: string, kind: string][] = [
  ["CREDENTIALS_SSO", "SSO"],
  ["CREDENTIALS_SSO_LEGACY", "SSO"],
  ["CREDENTIALS_PROCESS", "credential_process"],
  ["CREDENTIALS_STS_ASSUME_ROLE_WEB_ID", "a web identity"],
  ["CREDENTIALS_STS_ASSUME_ROLE", "an assumed role"],
  ["CREDENTIALS_HTTP", "the container"],
  ["CREDENTIALS_IMDS", "the instance's metadata"],
  ["CREDENTIALS_LOGIN", "aws login"],
  ["CREDENTIALS_ENV_VARS", "the environment"],
  ["CREDENTIALS_PROFILE", "the shared files"],
];

/** Where credentials came from, in words: `SSO, profile "dev"`. */
export function describeSource(
  credentials: object,
  profile: string | undefined,
  settings: Profile,
): string {
  const { $source = {} } = credentials as { $source?: object };
  const kind = KINDS.find(([feature]) => feature in $source)?.[1];
  const isOfProfile = Object.keys($source).some((feature) =>
    feature.startsWith("CREDENTIALS_PROFILE")
  );
  // The SDK notes nothing of the last kind that it tries.
  const role = kind === "an assumed role" ? settings.role_arn : undefined;
  return [
    role === undefined
      ? kind ?? (profile === undefined ? "the instance's metadata" : "the SDK")
      : `role ${role}`,
    ...(isOfProfile || profile !== undefined
      ? [`profile "${profile ?? "default"}"`]
      : []),
  ].join(", ");
}
