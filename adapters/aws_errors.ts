import { RdsiamError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Profile } from "./aws_config.ts";
import type { Identity } from "./aws_credentials.ts";

/** The error for a profile that neither shared file has. */
export function missingProfile(
  profile: string,
  profiles: Readonly<Record<string, Profile>>,
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
 */
export function explainCredentialsError(
  cause: unknown,
  identity: Identity,
  profiles: Readonly<Record<string, Profile>>,
): RdsiamError {
  const name = identity.profile ?? "default";
  const profile = profiles[name] ?? {};
  const { code, text } = describe(cause);
  function error(message: string, hint: string) {
    return new RdsiamError("credentials", message, { hint, cause });
  }
  if (/multi-factor|MFA/.test(text)) {
    return error(
      `Profile "${name}" asks for an MFA code, which rdsiam does not prompt for`,
      `Run: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    );
  }
  if (/\bSSO\b/.test(text) || isSso(profile) && /Unauthorized/.test(code)) {
    return error(
      `SSO session of profile "${name}" has expired or was never started`,
      `Run: aws sso login --profile ${name}`,
    );
  }
  if (/^(AccessDenied|ValidationError)/.test(code)) {
    const role = identity.roleArn ?? profile.role_arn ?? "";
    return error(
      `Role "${role}" cannot be assumed: ${text}`,
      "Check the role's name and its trust policy, and the caller's right to sts:AssumeRole",
    );
  }
  if (/^(ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch)/.test(code)) {
    return error(
      `AWS refused the credentials of profile "${name}": ${text}`,
      "Sign in again, or take expired AWS_* variables out of the environment",
    );
  }
  if (profile.credential_process !== undefined) {
    return error(
      `The credential_process of profile "${name}" gave no usable credentials`,
      "Run that command by hand to see why: it must print JSON with Version 1 and an Expiration to come",
    );
  }
  if (identity.profile !== undefined) {
    return error(
      `Profile "${name}" gave no usable credentials`,
      `Try: aws sts get-caller-identity --profile ${name}`,
    );
  }
  return error(
    "No AWS credentials were found",
    "Set AWS_PROFILE or pass --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  );
}

function isSso(profile: Profile): boolean {
  return profile.sso_session !== undefined ||
    profile.sso_start_url !== undefined;
}

function describe(error: unknown): { code: string; text: string } {
  return error instanceof Error
    ? { code: error.name, text: error.message }
    : { code: "", text: "" };
}
