/** The settings of AWS profiles, by name, as far as they are known. */
export type ProfileSettings = Readonly<
  Record<string, Readonly<Record<string, string | undefined>> | undefined>
>;

/** What the credentials of an identity come from, for people: `profile "prod" (SSO)`. */
export function credentialKind(
  { profile, roleArn }: { profile?: string; roleArn?: string },
  environment: Readonly<Record<string, string | undefined>>,
  profiles: ProfileSettings,
): string {
  const base = profile === undefined && environment.AWS_ACCESS_KEY_ID
    ? "AWS_ACCESS_KEY_ID of the environment"
    : profileKind(profile ?? "default", profiles) ??
      machineKind(environment) ??
      `profile "${profile ?? "default"}"`;
  return roleArn === undefined ? base : `role ${roleArn}, by ${base}`;
}

/** The keys of a profile and what they say of it; the first that it has counts, in the SDK's order. */
const KINDS: readonly [string, string][] = [
  ["aws_access_key_id", "access key"],
  ["role_arn", "assumed role"],
  ["web_identity_token_file", "web identity"],
  ["sso_session", "SSO"],
  ["sso_start_url", "SSO"],
  ["credential_process", "credential_process"],
  ["login_session", "console login"],
];

function profileKind(
  name: string,
  profiles: ProfileSettings,
): string | undefined {
  const settings = profiles[name];
  const kind = KINDS.find(([key]) => settings?.[key] !== undefined)?.[1];
  return kind === undefined ? undefined : `profile "${name}" (${kind})`;
}

/** What the place that a program runs in gives it. */
function machineKind(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE) return "web identity";
  if (
    environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ||
    environment.AWS_CONTAINER_CREDENTIALS_FULL_URI
  ) return "the container's role";
  return environment.AWS_EC2_METADATA_DISABLED === "true"
    ? undefined
    : "the instance's role";
}
