import { RdsiamError } from "../../core/errors.ts";
import {
  AMBIENT,
  type AmbientKind,
  SOURCE_HINTS,
  tellingReason,
  unreadableFile,
} from "./ambient.ts";
import type { Identity } from "./identity.ts";
import type { Profile } from "./shared_config.ts";
import { SignInError } from "./sign_in.ts";

/** A look-up of credentials that failed. */
export interface LookUpFailure {
  cause: unknown;
  /** The kind of its error, as AWS or the system names it; empty for none. */
  code: string;
  /** The sentence of its error. */
  text: string;
  identity: Identity;
  /** The profile's name. */
  name: string;
  profile: Profile;
  /** The role that was to be assumed; empty for none. */
  role: string;
  /** The kind that the environment names, where no profile has credentials. */
  ambient: AmbientKind | undefined;
  /** The profile that signs in by SSO, where one does. */
  ssoName: string | undefined;
  /** Why providers had none, as the SDK's log says it. */
  reasons: readonly string[];
}

/** Explains one kind of failure; `undefined` for another. */
type Rule = (failure: LookUpFailure) => RdsiamError | undefined;

/**
 * In the order that they are asked. What a service answered comes first: its text names roles and users, whose names may
 * hold any word.
 */
const RULES: readonly Rule[] = [
  mfaCodeRefused,
  roleRefused,
  keyRefused,
  ssoRoleRefused,
  ssoEnded,
  notReached,
  ssoNeverStarted,
  loginEnded,
  ambientEmpty,
  webIdentityUnreadable,
  sourceEmpty,
  processFailed,
  profileEmpty,
  unexpected,
];

/** What is said of a failure, and what to do. */
export function explainFailure(failure: LookUpFailure): RdsiamError {
  for (const rule of RULES) {
    const error = rule(failure);
    if (error !== undefined) return error;
  }
  return explained(
    failure,
    "No AWS credentials were found",
    "Set AWS_PROFILE or pass --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  );
}

function explained(
  { cause }: LookUpFailure,
  message: string,
  hint: string,
): RdsiamError {
  return new RdsiamError("credentials", message, { hint, cause });
}

/** Whose credentials they are, in words. */
function whose({ ambient, name }: LookUpFailure): string {
  return ambient === undefined ? `profile "${name}"` : AMBIENT[ambient].whose;
}

function mfaCodeRefused(failure: LookUpFailure) {
  const { code, text } = failure;
  if (!/^AccessDenied/.test(code) || !/MultiFactorAuthentication/.test(text)) {
    return undefined;
  }
  return explained(
    failure,
    `The MFA code was not accepted: ${text.trim()}`,
    "Type the code that the device shows now: each is good once",
  );
}

function roleRefused(failure: LookUpFailure) {
  const { code, text, role } = failure;
  if (!/^(AccessDenied|ValidationError)/.test(code)) return undefined;
  return explained(
    failure,
    `Role "${role}" cannot be assumed: ${text}`,
    "Check the role's name and its trust policy, and the caller's right to sts:AssumeRole",
  );
}

/** What STS says of keys and tokens that it does not take. */
const KEY_REFUSED =
  /^(ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidIdentityToken|IDP)/;

function keyRefused(failure: LookUpFailure) {
  const { code, text, ambient } = failure;
  if (!KEY_REFUSED.test(code)) return undefined;
  return explained(
    failure,
    `AWS refused the credentials of ${whose(failure)}: ${text}`,
    ambient === undefined
      ? "Sign in again, or take expired AWS_* variables out of the environment"
      : AMBIENT[ambient].hint,
  );
}

function ssoRoleRefused(failure: LookUpFailure) {
  const { code, text, ssoName } = failure;
  if (ssoName === undefined || !/^(Forbidden|ResourceNotFound)/.test(code)) {
    return undefined;
  }
  return explained(
    failure,
    `SSO gives profile "${ssoName}" no credentials: ${text}`,
    "Check its sso_account_id and sso_role_name, and that this role is assigned to you",
  );
}

function ssoEnded(failure: LookUpFailure) {
  const { code, ssoName } = failure;
  return ssoName !== undefined && /^Unauthorized/.test(code)
    ? ssoExpired(failure, ssoName)
    : undefined;
}

/** What the system says of a service that does not answer. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)\b/;

function notReached(failure: LookUpFailure) {
  const { code, text } = failure;
  const why = UNREACHABLE.exec(`${code} ${text}`)?.[0];
  if (why === undefined) return undefined;
  return explained(
    failure,
    `AWS cannot be reached for the credentials of ${whose(failure)}: ${why}`,
    "Check the network, and the proxy or endpoint that the AWS configuration names",
  );
}

function ssoNeverStarted(failure: LookUpFailure) {
  const { text, ssoName, name } = failure;
  return /\bSSO\b/.test(text)
    ? ssoExpired(failure, ssoName ?? name)
    : undefined;
}

function ssoExpired({ cause }: LookUpFailure, profile: string) {
  return new SignInError(
    `SSO session of profile "${profile}" has expired or was never started`,
    ["aws", "sso", "login", "--profile", profile],
    cause,
  );
}

function loginEnded({ profile, name, cause }: LookUpFailure) {
  if (profile.login_session === undefined) return undefined;
  return new SignInError(
    `Login session of profile "${name}" has expired or was never started`,
    ["aws", "login", "--profile", name],
    cause,
  );
}

function ambientEmpty(failure: LookUpFailure) {
  const { ambient, cause, reasons } = failure;
  if (ambient === undefined) return undefined;
  const why = unreadableFile(cause) ?? tellingReason(reasons) ?? "it gave none";
  return explained(
    failure,
    `There are no credentials from ${whose(failure)}: ${why}`,
    AMBIENT[ambient].hint,
  );
}

function webIdentityUnreadable(failure: LookUpFailure) {
  const { profile, name, cause } = failure;
  const file = unreadableFile(cause);
  if (profile.web_identity_token_file === undefined || file === undefined) {
    return undefined;
  }
  return explained(
    failure,
    `There are no credentials from the web identity of profile "${name}": ${file}`,
    "Check its web_identity_token_file",
  );
}

function sourceEmpty(failure: LookUpFailure) {
  const { profile: { credential_source: source }, name } = failure;
  if (source === undefined) return undefined;
  return explained(
    failure,
    `There are no credentials from ${source}, the credential_source of profile "${name}"`,
    SOURCE_HINTS[source] ?? `Known: ${Object.keys(SOURCE_HINTS).join(", ")}`,
  );
}

function processFailed(failure: LookUpFailure) {
  const { profile, name } = failure;
  if (profile.credential_process === undefined) return undefined;
  return explained(
    failure,
    `The credential_process of profile "${name}" gave no usable credentials`,
    "Run that command by hand to see why: it must print JSON with Version 1 and an Expiration to come",
  );
}

function profileEmpty(failure: LookUpFailure) {
  const { identity, name } = failure;
  if (identity.profile === undefined) return undefined;
  return explained(
    failure,
    `Profile "${name}" gave no usable credentials`,
    `Try: aws sts get-caller-identity --profile ${name}`,
  );
}

function unexpected(failure: LookUpFailure) {
  const { code } = failure;
  if (code === "" || /ProviderError$/.test(code)) return undefined;
  return explained(
    failure,
    `AWS credentials cannot be looked up: ${code}`,
    "Set RDSIAM_DEBUG=1 to see where it comes from",
  );
}
