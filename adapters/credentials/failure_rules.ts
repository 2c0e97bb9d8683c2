import { RdsiamError } from "../../core/errors.ts";
import { AMBIENT } from "./errors.ts";
import { SignInError } from "./sign_in.ts";

/** What was asked for credentials when that failed. */
export type Step =
  | { kind: "role"; whose: string; role: string }
  | { kind: "web identity"; profile: string; role: string; isAmbient: boolean }
  | { kind: "SSO" | "login"; profile: string }
  | { kind: "container" };

/** A look-up of credentials that failed. */
interface LookUpFailure {
  step: Step;
  cause: unknown;
  /** The kind of its error, as AWS or the system names it; empty for none. */
  code: string;
  /** The sentence of its error. */
  text: string;
}

/** Explains one kind of failure; `undefined` for another. */
type Rule = (failure: LookUpFailure) => RdsiamError | undefined;

/** In the order that they are asked. What a service answered comes first. */
const RULES: readonly Rule[] = [
  mfaCodeRefused,
  regionClosed,
  roleRefused,
  keyRefused,
  ssoRoleRefused,
  notReached,
  sessionEnded,
  tokenUnreadable,
  agentEmpty,
];

/**
 * Says what the SDK's errors leave out: which profile, which kind of credentials, and what to do.
 *
 * @throws {RdsiamError} `credentials`, always; a {@linkcode SignInError} when signing in again is what helps
 */
export function explainFailure(step: Step, cause: unknown): never {
  if (cause instanceof RdsiamError) throw cause; // explained already
  const failure = { step, cause, ...describe(cause) };
  for (const rule of RULES) {
    const error = rule(failure);
    if (error !== undefined) throw error;
  }
  throw explained(
    failure,
    `AWS credentials cannot be looked up: ${failure.code || failure.text}`,
    "Set RDSIAM_DEBUG=1 to see where it comes from",
  );
}

/** The kind of an error and its text. The SDK's SSO provider puts the service's error into a text of its own. */
function describe(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: "", text: `${error}` };
  const { name, message } = error;
  const [, code, text] = name === "CredentialsProviderError"
    // deno-lint-ignore rdsiam/no-prose -- the SDK's own
    ? /^(\w+): (.*)$/s.exec(message) ?? []
    : [];
  return { code: code ?? name, text: text ?? message };
}

function explained(
  { cause }: LookUpFailure,
  message: string,
  hint: string,
): RdsiamError {
  return new RdsiamError("credentials", message, { hint, cause });
}

/** What is said of where the environment leads to. */
function ambient(step: Step) {
  if (step.kind === "container") return AMBIENT.container;
  const isAmbient = step.kind === "web identity" && step.isAmbient;
  return isAmbient ? AMBIENT["web identity"] : undefined;
}

/** Whose credentials they are, in words. */
function whose(step: Step): string {
  switch (step.kind) {
    case "role":
      return step.whose;
    case "container":
      return AMBIENT.container.whose;
    default:
      return ambient(step)?.whose ?? `profile "${step.profile}"`;
  }
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

function regionClosed(failure: LookUpFailure) {
  const { code, text, step } = failure;
  if (!/^RegionDisabled/.test(code)) return undefined;
  return explained(
    failure,
    `The role of ${whose(step)} cannot be assumed in this region: ${text}`,
    "Set the profile's region, or AWS_REGION, to one that the account has enabled",
  );
}

function roleRefused(failure: LookUpFailure) {
  const { code, text, step } = failure;
  if (!("role" in step) || !/^(AccessDenied|ValidationError)/.test(code)) {
    return undefined;
  }
  return explained(
    failure,
    `Role "${step.role}" cannot be assumed: ${text}`,
    "Check the role's name and its trust policy, and the caller's right to sts:AssumeRole",
  );
}

/** What STS says of keys and tokens that it does not take. */
const KEY_REFUSED =
  /^(ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidIdentityToken|IDP)/;

function keyRefused(failure: LookUpFailure) {
  const { code, text, step } = failure;
  if (!KEY_REFUSED.test(code)) return undefined;
  return explained(
    failure,
    `AWS refused the credentials of ${whose(step)}: ${text}`,
    ambient(step)?.hint ??
      "Sign in again, or take expired AWS_* variables out of the environment",
  );
}

function ssoRoleRefused(failure: LookUpFailure) {
  const { code, text, step } = failure;
  if (step.kind !== "SSO" || !/^(Forbidden|ResourceNotFound)/.test(code)) {
    return undefined;
  }
  return explained(
    failure,
    `SSO gives profile "${step.profile}" no credentials: ${text}`,
    "Check its sso_account_id and sso_role_name, and that this role is assigned to you",
  );
}

/** What the system says of a service that does not answer. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPROTO|TimeoutError)\b/;

function notReached(failure: LookUpFailure) {
  const { code, text, step, cause } = failure;
  const why = UNREACHABLE.exec(`${code} ${text}`)?.[0] ?? strangeAnswer(cause);
  if (why === undefined) return undefined;
  if (step.kind === "container" && why !== "TimeoutError") return undefined;
  return explained(
    failure,
    `AWS cannot be reached for the credentials of ${whose(step)}: ${why}`,
    "Check the network, and the proxy or endpoint that the AWS configuration names",
  );
}

/** What came back where it was not a service's own answer, such as a login page of the network. */
function strangeAnswer(cause: unknown): string | undefined {
  const { $response: response, $metadata: metadata } = (cause ?? {}) as {
    $response?: { statusCode?: number };
    $metadata?: { httpStatusCode?: number };
  };
  if (response === undefined) return undefined;
  const status = metadata?.httpStatusCode ?? response.statusCode;
  return `what answered is not AWS (HTTP ${status})`;
}

function sessionEnded({ step, cause }: LookUpFailure) {
  if (step.kind !== "SSO" && step.kind !== "login") return undefined;
  const { profile } = step;
  if (step.kind === "SSO") {
    return new SignInError(
      `SSO session of profile "${profile}" has expired or was never started`,
      ["aws", "sso", "login", "--profile", profile],
      cause,
    );
  }
  return new SignInError(
    `Login session of profile "${profile}" has expired or was never started`,
    ["aws", "login", "--profile", profile],
    cause,
  );
}

function tokenUnreadable(failure: LookUpFailure) {
  const { step, cause } = failure;
  if (step.kind !== "web identity" || !isUnreadable(cause)) return undefined;
  const where = step.isAmbient ? "" : "the web identity of ";
  return explained(
    failure,
    `There are no credentials from ${where}${whose(step)}: ${UNREADABLE}`,
    ambient(step)?.hint ?? "Check its web_identity_token_file",
  );
}

function agentEmpty(failure: LookUpFailure) {
  const { step, cause, code, text } = failure;
  if (step.kind !== "container") return undefined;
  const why = isUnreadable(cause)
    ? UNREADABLE
    : code === "Error"
    ? text
    : /^URL not accepted/.test(text)
    ? "its address is not one that AWS allows"
    : "it gave none";
  return explained(
    failure,
    `There are no credentials from ${whose(step)}: ${why}`,
    AMBIENT.container.hint,
  );
}

const UNREADABLE = "the file of its token cannot be read";

/** Whether the system could not read a file. */
function isUnreadable(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("syscall" in cause)) return false;
  return cause.syscall === "open" || cause.syscall === "read";
}
