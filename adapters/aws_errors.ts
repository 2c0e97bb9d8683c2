import { RdsiamError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Profile } from "./aws_config.ts";
import type { Identity } from "./aws_credentials.ts";

type Profiles = Readonly<Record<string, Profile>>;

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
 */
export function explainCredentialsError(
  cause: unknown,
  identity: Identity,
  profiles: Profiles,
): RdsiamError {
  const name = identity.profile ?? "default";
  const profile = profiles[name] ?? {};
  const { code, text } = describe(cause);
  function error(message: string, hint: string) {
    return new RdsiamError("credentials", message, { hint, cause });
  }
  // What a service answered comes first: its text names roles and users, whose names may hold any word.
  if (/^(AccessDenied|ValidationError)/.test(code)) {
    const role = identity.roleArn ?? profile.role_arn ??
      Deno.env.get("AWS_ROLE_ARN") ?? "";
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
  const ssoName = ssoProfile(name, profiles);
  if (ssoName !== undefined && /^(Forbidden|ResourceNotFound)/.test(code)) {
    return error(
      `SSO gives profile "${ssoName}" no credentials: ${text}`,
      "Check its sso_account_id and sso_role_name, and that this role is assigned to you",
    );
  }
  if (ssoName !== undefined && /^Unauthorized/.test(code)) {
    return ssoExpired(ssoName);
  }
  const unreachable = UNREACHABLE.exec(`${code} ${text}`)?.[0];
  if (unreachable !== undefined) {
    return error(
      `AWS cannot be reached for the credentials of profile "${name}": ${unreachable}`,
      "Check the network, and the proxy or endpoint that the AWS configuration names",
    );
  }
  if (/multi-factor|MFA/.test(text)) {
    return error(
      `Profile "${name}" asks for an MFA code, which rdsiam does not prompt for`,
      `Leave the profile out after: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    );
  }
  if (/\bSSO\b/.test(text)) return ssoExpired(ssoName ?? name);
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
  if (code !== "" && !/ProviderError$/.test(code)) {
    return error(
      `AWS credentials cannot be looked up: ${code}`,
      "Set RDSIAM_DEBUG=1 to see where it comes from",
    );
  }
  return error(
    "No AWS credentials were found",
    "Set AWS_PROFILE or pass --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  );

  function ssoExpired(profile: string) {
    return error(
      `SSO session of profile "${profile}" has expired or was never started`,
      `Run: aws sso login --profile ${profile}`,
    );
  }
}

/** What the system says of a service that does not answer. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)\b/;

/** The profile that signs in by SSO: this one, or the one that it takes its credentials from. */
function ssoProfile(name: string, profiles: Profiles): string | undefined {
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined;) {
    const profile: Profile | undefined = profiles[next];
    if (profile === undefined || seen.has(next)) return undefined;
    if (profile.sso_session ?? profile.sso_start_url) return next;
    seen.add(next);
    next = profile.source_profile;
  }
  return undefined;
}

/** The kind of an error and its text. The SDK's SSO provider puts the service's error into a text of its own. */
function describe(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: "", text: "" };
  const { name, message } = error;
  const [, code, text] = name === "CredentialsProviderError"
    ? /^(\w+): (.*)$/s.exec(message) ?? []
    : [];
  return { code: code ?? name, text: text ?? message };
}
