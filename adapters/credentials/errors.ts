import { RdsiamError } from "../../core/errors.ts";
import { nearest } from "../../core/text/nearest.ts";
import type { Environment, Identity } from "./identity.ts";
import {
  AMBIENT,
  ambientKind,
  SOURCE_HINTS,
  tellingReason,
  unreadableFile,
} from "./ambient.ts";
import { SignInError } from "./sign_in.ts";
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
  const { code, text } = describe(cause);
  const ambient = ambientKind(identity, profiles, environment);
  const whose = ambient === undefined
    ? `profile "${name}"`
    : AMBIENT[ambient].whose;
  function error(message: string, hint: string) {
    return new RdsiamError("credentials", message, { hint, cause });
  }
  // What a service answered comes first: its text names roles and users, whose names may hold any word.
  if (/^AccessDenied/.test(code) && /MultiFactorAuthentication/.test(text)) {
    return error(
      `The MFA code was not accepted: ${text.trim()}`,
      "Type the code that the device shows now: each is good once",
    );
  }
  if (/^(AccessDenied|ValidationError)/.test(code)) {
    const role = identity.roleArn ?? profile.role_arn ??
      environment.AWS_ROLE_ARN ?? "";
    return error(
      `Role "${role}" cannot be assumed: ${text}`,
      "Check the role's name and its trust policy, and the caller's right to sts:AssumeRole",
    );
  }
  if (
    /^(ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidIdentityToken|IDP)/
      .test(code)
  ) {
    return error(
      `AWS refused the credentials of ${whose}: ${text}`,
      ambient === undefined
        ? "Sign in again, or take expired AWS_* variables out of the environment"
        : AMBIENT[ambient].hint,
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
      `AWS cannot be reached for the credentials of ${whose}: ${unreachable}`,
      "Check the network, and the proxy or endpoint that the AWS configuration names",
    );
  }
  if (/\bSSO\b/.test(text)) return ssoExpired(ssoName ?? name);
  if (profile.login_session !== undefined) {
    return new SignInError(
      `Login session of profile "${name}" has expired or was never started`,
      ["aws", "login", "--profile", name],
      cause,
    );
  }
  if (ambient !== undefined) {
    return error(
      `There are no credentials from ${whose}: ${
        unreadableFile(cause) ?? tellingReason(reasons) ?? "it gave none"
      }`,
      AMBIENT[ambient].hint,
    );
  }
  const file = unreadableFile(cause);
  if (profile.web_identity_token_file !== undefined && file !== undefined) {
    return error(
      `There are no credentials from the web identity of profile "${name}": ${file}`,
      "Check its web_identity_token_file",
    );
  }
  if (profile.credential_source !== undefined) {
    return error(
      `There are no credentials from ${profile.credential_source}, the credential_source of profile "${name}"`,
      SOURCE_HINTS[profile.credential_source] ??
        `Known: ${Object.keys(SOURCE_HINTS).join(", ")}`,
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
    return new SignInError(
      `SSO session of profile "${profile}" has expired or was never started`,
      ["aws", "sso", "login", "--profile", profile],
      cause,
    );
  }
}

/** What the system says of a service that does not answer. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)\b/;

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
