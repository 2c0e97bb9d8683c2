import {
  type ErrorKind,
  RdsiamError,
  type RdsiamErrorOptions,
} from "../errors.ts";

/**
 * Why AWS did not do what was asked.
 *
 * - `denied`: the identity may not: it lacks the permission that {@linkcode AwsCallError.action} names
 * - `credentials`: the key is expired, unknown or signs wrongly
 * - `not found`: what was named is not there
 * - `throttled`: too many calls, the retries included
 * - `unreachable`: no answer in time, or no connection
 * - `other`: anything else, such as a state in which it cannot be done
 */
export type AwsRefusal =
  | "denied"
  | "credentials"
  | "not found"
  | "throttled"
  | "unreachable"
  | "other";

const KINDS: Readonly<Record<AwsRefusal, ErrorKind>> = {
  denied: "credentials",
  credentials: "credentials",
  "not found": "failed",
  throttled: "failed",
  unreachable: "unreachable",
  other: "failed",
};

/** What else an {@linkcode AwsCallError} carries. */
export interface AwsCallErrorOptions extends RdsiamErrorOptions {
  /** AWS's own code of the error, such as `AccessDenied`; the system's where AWS did not answer, such as `ENOTFOUND`. */
  code?: string;
  /** The time by AWS's clock when it answered, in milliseconds since the epoch, to the second. */
  serverTime?: number;
}

/** A call of an AWS API that failed. */
export class AwsCallError extends RdsiamError {
  /** The action, as IAM policies name it: `rds:DescribeDBInstances`. */
  readonly action: string;
  readonly refusal: AwsRefusal;
  /** AWS's own code of the error; the system's, or none, where AWS did not answer. */
  readonly code: string;
  /** The time by AWS's clock when it answered, in milliseconds since the epoch; `undefined` where it did not. */
  readonly serverTime: number | undefined;

  /** Makes the error of one call. */
  constructor(
    action: string,
    refusal: AwsRefusal,
    message: string,
    options: AwsCallErrorOptions = {},
  ) {
    super(KINDS[refusal], message, options);
    this.action = action;
    this.refusal = refusal;
    this.code = options.code ?? "";
    this.serverTime = options.serverTime;
  }
}
