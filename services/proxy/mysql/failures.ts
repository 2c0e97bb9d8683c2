import {
  encodeError,
  type ErrorPacket,
} from "../../../core/mysqlwire/error_packet.ts";
import { type FailureReason, LoginFailure } from "../login_failure.ts";

/** Errors of the server that the proxy itself sends (MySQL error reference). */
export const ERRORS = {
  /** `ER_CON_COUNT_ERROR` */
  tooMany: { code: 1040, sqlState: "08004" },
  /** `ER_HANDSHAKE_ERROR` */
  handshake: { code: 1043, sqlState: "08S01" },
  /** `ER_ACCESS_DENIED_ERROR` */
  denied: { code: 1045, sqlState: "28000" },
  /** `ER_SERVER_SHUTDOWN` */
  shutdown: { code: 1053, sqlState: "08S01" },
  /** `ER_UNKNOWN_ERROR` */
  unknown: { code: 1105, sqlState: "HY000" },
  /** `ER_NET_READ_ERROR` */
  lost: { code: 1158, sqlState: "08S01" },
  /** `ER_NET_READ_INTERRUPTED` */
  tooSlow: { code: 1159, sqlState: "08S01" },
} as const;

/** What the log says besides. */
export interface FailureDetails {
  why?: string | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/** A login that comes to nothing in the proxy: its client is told the hint, too, for which the protocol has no place. */
export function mysqlFailure(
  reason: FailureReason,
  { code, sqlState }: Pick<ErrorPacket, "code" | "sqlState">,
  message: string,
  { hint, ...details }: FailureDetails = {},
): LoginFailure {
  const text = hint === undefined ? message : `${message} (${hint})`;
  return new LoginFailure(
    reason,
    { code: sqlState, message, hint },
    { ...details, answer: encodeError({ code, sqlState, message: text }) },
  );
}

/** The database took too long. */
export function notInTime(): LoginFailure {
  return mysqlFailure(
    "unreachable",
    ERRORS.unknown,
    "the database did not answer in time",
  );
}

/** There is no place for another one. */
export function tooMany(what: string, limit: number): LoginFailure {
  return mysqlFailure(
    "limit",
    ERRORS.tooMany,
    limit > 0
      ? `the proxy has as many ${what} as it takes: ${limit}`
      : `the proxy has too many ${what}`,
    { hint: "Try again in a moment" },
  );
}

/** The proxy's own password is another one. */
export function wrongPassword(
  username: Uint8Array,
  remoteHost: string,
  hasProof: boolean,
): LoginFailure {
  const user = new TextDecoder().decode(username);
  return mysqlFailure(
    "local-password",
    ERRORS.denied,
    `Access denied for user '${user}'@'${remoteHost}' (using password: ${
      hasProof ? "YES" : "NO"
    })`,
    { hint: "Use the local password that rdsiam proxy was started with" },
  );
}
