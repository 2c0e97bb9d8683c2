import { RdsiamError } from "../../core/errors.ts";
import { nearest } from "../../core/text/nearest.ts";
import type { Environment, Identity } from "./identity.ts";
import { ambientKind } from "./ambient.ts";
import { explainFailure } from "./failure_rules.ts";
import { type Profiles, sourceProfiles } from "./source_profiles.ts";

/** The error for a profile that neither shared file has. */
export function missingProfile(
  profile: string,
  profiles: Profiles,
): RdsiamError {
  const names = Object.keys(profiles);
  const near = nearest(profile, names);
  return new RdsiamError(
    "credentials",
    `AWS profile "${profile}" is not configured: neither the config nor the credentials file has it`,
    {
      hint: near !== undefined
        ? `Did you mean "${near}"?`
        : names.length > 0
        ? `Configured: ${names.join(", ")}`
        : `Run: aws configure --profile ${profile}`,
    },
  );
}

/**
 * Says what the SDK's errors leave out: which profile, which kind of credentials, and what to do.
 *
 * The texts of failed credential processes are left to the cause, since they repeat the command line.
 *
 * @param environment what may name further kinds of credentials
 * @param reasons why providers had none, as the SDK's log says it
 */
export function explainCredentialsError(
  cause: unknown,
  identity: Identity,
  profiles: Profiles,
  environment: Environment,
  reasons: readonly string[] = [],
): RdsiamError {
  const name = identity.profile ?? "default";
  const profile = profiles[name] ?? {};
  return explainFailure({
    ...describe(cause),
    cause,
    identity,
    name,
    profile,
    role: identity.roleArn ?? profile.role_arn ?? environment.AWS_ROLE_ARN ??
      "",
    ambient: ambientKind(identity, profiles, environment),
    ssoName: ssoProfile(name, profiles),
    reasons,
  });
}

/** The profile that signs in by SSO: this one, or the one that it takes its credentials from. */
function ssoProfile(name: string, profiles: Profiles): string | undefined {
  return sourceProfiles(name, profiles).find(([, profile]) =>
    profile.sso_session ?? profile.sso_start_url
  )?.[0];
}

/** The kind of an error and its text. The SDK's SSO provider puts the service's error into a text of its own. */
function describe(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: "", text: "" };
  const { name, message } = error;
  const [, code, text] = name === "CredentialsProviderError"
    // deno-lint-ignore rdsiam/no-prose -- the SDK's own
    ? /^(\w+): (.*)$/s.exec(message) ?? []
    : [];
  return { code: code ?? name, text: text ?? message };
}
