import { FUTURE_SKEW_MS } from "../../token/verify.ts";
import { duration } from "../duration.ts";
import type { Finding } from "../check.ts";

/** What an HTTP `Date`, which has whole seconds, and the way there may be off by. */
const PRECISION_MS = 5_000;

/** From here on the clock is worth a word: a token loses as much of its 15 minutes. */
const NOTABLE_MS = 60_000;

/** What AWS says of the time. */
export interface ServerTime {
  /** Milliseconds since the epoch, by AWS. */
  server: number;
  /** Milliseconds since the epoch, by this machine, at the same moment. */
  local: number;
}

/**
 * Whether the clock is right enough for tokens. How much RDS forgives is not documented; 5 minutes is what other
 * services of AWS do.
 *
 * @param os `linux`, `darwin`, `windows` …
 */
export function judgeClock({ server, local }: ServerTime, os: string): Finding {
  const ahead = local - server;
  const off = Math.abs(ahead);
  if (off <= PRECISION_MS) return { status: "ok", detail: "agrees with AWS" };
  // An hour that lacks a second for want of precision is an hour.
  const told = Math.round(off / PRECISION_MS) * PRECISION_MS;
  const detail = `${duration(told)} ${
    ahead > 0 ? "ahead of" : "behind"
  } the time of AWS`;
  if (off < NOTABLE_MS) return { status: "ok", detail };
  const remedy = SET_CLOCK[os] ?? SET_CLOCK.linux;
  return off < FUTURE_SKEW_MS ? { status: "warning", detail, remedy } : {
    status: "suspect",
    kind: "refused",
    detail: `this machine's clock is ${detail}`,
    remedy,
    explains: ["signature", "token"],
  };
}

const SET_CLOCK: Readonly<Record<string, string>> = {
  linux: "sudo timedatectl set-ntp true",
  darwin: "sudo sntp -sS time.apple.com",
  windows: "w32tm /resync",
};
