import {
  AwsCallError,
  type AwsCallErrorOptions,
  type AwsRefusal,
} from "../../core/aws/call_error.ts";
import { RdsiamError } from "../../core/errors.ts";

/** One call, for its errors. */
export interface AwsCall {
  /** As IAM policies name it: `rds:DescribeDBInstances`. */
  action: string;
  region: string;
  signal: AbortSignal | undefined;
  /** Whether AWS's answer says nothing but that it was done. */
  isSilent?: boolean;
}

/**
 * Makes a call and says of what failed what there is to do.
 *
 * @throws {AwsCallError} when AWS refuses it or does not answer
 * @throws what the signal was aborted with
 */
export async function awsCall<T>(
  call: AwsCall,
  make: () => Promise<T>,
): Promise<T> {
  try {
    return checkAnswer(call, await make());
  } catch (error) {
    if (error instanceof RdsiamError) throw error; // of the credentials
    const { signal } = call;
    if (signal?.aborted && signal.reason?.name !== "TimeoutError") {
      throw signal.reason;
    }
    throw explain(call, error);
  }
}

/**
 * Refuses an answer that says nothing: the SDK takes any page of a network, or none at all, for one of AWS's.
 *
 * @throws {AwsCallError} `unreachable`
 */
export function checkAnswer<T>(call: AwsCall, answer: T): T {
  const { $metadata: metadata, ...content } = (answer ?? {}) as {
    $metadata?: { httpStatusCode?: number };
  };
  const isEmpty = metadata !== undefined && call.isSilent !== true &&
    Object.values(content).every((value) => value === undefined);
  if (isEmpty) throw notAws(call, metadata.httpStatusCode, undefined);
  return answer;
}

function notAws(
  { action, region }: AwsCall,
  status: number | undefined,
  cause: unknown,
): AwsCallError {
  return new AwsCallError(
    action,
    "unreachable",
    `What answered ${action} in ${region} is not AWS (HTTP ${status ?? "?"})`,
    { hint: NETWORK, ...(cause !== undefined && { cause }) },
  );
}

const NETWORK =
  "Check the network: a sign-in page or a proxy may stand between; AWS_ENDPOINT_URL may name another endpoint";

/** When AWS answered by its own clock, in milliseconds since the epoch, as the `Date` of its answer says. */
export function serverTime(response: unknown): number | undefined {
  const { headers } = (response ?? {}) as { headers?: Record<string, string> };
  const time = Date.parse(headers?.date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function explain(call: AwsCall, cause: unknown): AwsCallError {
  const { action, region } = call;
  const { code, text, response } = describe(cause);
  const status = (response as { statusCode?: number } | undefined)?.statusCode;
  const broken = networkCode(code, "");
  const time = serverTime(response);
  const where = `${action} in ${region}`;
  function error(refusal: AwsRefusal, message: string, hint?: string) {
    const options: AwsCallErrorOptions = {
      cause,
      ...(hint !== undefined && { hint }),
      code: response === undefined ? networkCode(code, text) ?? "" : code,
      ...(time !== undefined && { serverTime: time }),
    };
    return new AwsCallError(action, refusal, message, options);
  }
  if (response === undefined || broken !== undefined) {
    return error(
      "unreachable",
      `AWS cannot be reached for ${where}: ${
        broken ?? networkCode("", text) ??
          (/Timeout|Abort/.test(code) ? "no answer in time" : text)
      }`,
      "Check the network and the region's name; AWS_ENDPOINT_URL may name another endpoint",
    );
  }
  // What AWS answers names its error; what the SDK could not read has no name of AWS's.
  if (/^(|Error|SyntaxError|TypeError|Unknown|UnknownError)$/.test(code)) {
    return notAws(call, status, cause);
  }
  if (/^(AccessDenied|UnauthorizedOperation|AuthorizationError)/.test(code)) {
    const { who, why } = denial(text);
    return error(
      "denied",
      `AWS does not let ${who} call ${where}: ${why}`,
      /explicit deny/.test(text)
        ? "A policy denies it: ask who administers the account, or pass --profile of an identity that may"
        : `Ask who administers the account to allow ${action}, or pass --profile of an identity that may`,
    );
  }
  if (/^(RequestExpired|RequestInTheFuture|SignatureDoesNotMatch)/.test(code)) {
    return error(
      "credentials",
      `AWS refused the signature of ${where}: ${text}`,
      /Signature (expired|not yet current)|Request(Expired|InTheFuture)/
          .test(`${text}${code}`)
        ? "Set this machine's clock"
        : "Check the secret access key",
    );
  }
  if (CREDENTIAL_CODES.test(code)) {
    return error(
      "credentials",
      `AWS refused the credentials in ${region}: ${text}`,
      "Sign in again, or take expired AWS_* variables out of the environment; a region may have to be enabled for the account",
    );
  }
  if (/NotFound(Fault)?$|^NoSuchEntity/.test(code)) {
    return error("not found", `AWS found nothing by ${where}: ${text}`);
  }
  if (/^(Throttl|RequestLimitExceeded|TooManyRequests)/.test(code)) {
    return error(
      "throttled",
      `AWS throttles the calls of ${where} just now: ${text}`,
      "Try again in a minute; AWS_MAX_ATTEMPTS=10 retries more often",
    );
  }
  if (status !== undefined && status >= 500) {
    return error(
      "unreachable",
      `AWS is out of order for ${where}: ${text} (${code}, HTTP ${status})`,
      "Try again in a minute; health.aws.amazon.com tells of troubles",
    );
  }
  return error("other", `AWS refused ${where}: ${text} (${code})`);
}

/** Codes of AWS APIs for keys that are expired, unknown or missing (AWS API references, "Common Errors"). */
const CREDENTIAL_CODES =
  /^(ExpiredToken|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|MissingAuthenticationToken|IncompleteSignature|AuthFailure|OptInRequired)/;

/** Who may not, and why, of AWS's usual sentence. */
function denial(text: string): { who: string; why: string } {
  const match =
    /^User: (\S+) is not authorized to perform: \S+(?: on resource: \S+)?(?: because (.*))?$/s
      .exec(text);
  const [, who, why] = match ?? [];
  if (who === undefined) return { who: "this identity", why: text };
  return { who, why: why ?? "no policy allows it" };
}

/** The system's own code, such as `ENOTFOUND`. */
function networkCode(code: string, text: string): string | undefined {
  return /\bE[A-Z_]{4,}\b/.exec(`${code} ${text}`)?.[0];
}

function describe(error: unknown) {
  const { name, code, message, $response: response } = error as {
    name?: string;
    code?: unknown;
    message?: string;
    $response?: unknown;
  };
  return {
    // The system's errors have their names in `code`.
    code: typeof code === "string" ? code : name ?? "",
    text: (message || name || String(error)).replaceAll(/\s+/g, " ").trim(),
    response,
  };
}
