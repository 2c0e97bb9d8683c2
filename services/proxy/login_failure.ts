import { fatalError, type Refusal } from "../../core/pgwire/error_response.ts";

/** Why a login came to nothing, in a word for counting. */
export type FailureReason =
  | "protocol"
  | "timeout"
  | "limit"
  | "local-password"
  | "no-target"
  | "credentials"
  | "unreachable"
  | "refused";

/** What else a {@linkcode LoginFailure} carries. */
export interface LoginFailureOptions {
  /** What the client is told; by default the message and the hint. */
  answer?: Uint8Array;
  /** The likely cause, where the message does not say it. */
  why?: string | undefined;
  /** The error underneath. */
  cause?: unknown;
}

/** A login that comes to nothing: what the client is told, and what the proxy's log says. */
export class LoginFailure extends Error {
  override readonly name = "LoginFailure";
  /** Why, in a word. */
  readonly reason: FailureReason;
  /** The likely cause, where the message does not say it. */
  readonly why: string | undefined;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** The `ErrorResponse` for the client. */
  readonly answer: Uint8Array;

  /** Makes a failure whose message is what the client is told. */
  constructor(
    reason: FailureReason,
    refusal: Refusal,
    { answer, why, cause }: LoginFailureOptions = {},
  ) {
    super(refusal.message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.why = why;
    this.hint = refusal.hint;
    this.answer = answer ?? fatalError(refusal);
  }
}
