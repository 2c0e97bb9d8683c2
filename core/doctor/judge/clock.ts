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

/** By how much a clock is wrong, in words: `60 min ahead of the time of AWS`; `undefined` where it agrees. */
export function clockOffset({ server, local }: ServerTime): string | undefined {
  const off = Math.abs(local - server);
  if (off <= PRECISION_MS) return undefined;
  // An hour that lacks a second for want of precision is an hour.
  const told = Math.round(off / PRECISION_MS) * PRECISION_MS;
  const side = local > server ? "ahead of" : "behind";
  return `${duration(told)} ${side} the time of AWS`;
}

/** Whether a clock is so wrong that tokens suffer. */
export function isClockWrong({ server, local }: ServerTime): boolean {
  return Math.abs(local - server) >= NOTABLE_MS;
}

/**
 * Whether the clock is right enough for tokens. How much RDS forgives is not documented; 5 minutes is what other
 * services of AWS do.
 *
 * @param os `linux`, `darwin`, `windows` …
 */
export function judgeClock(time: ServerTime, os: string): Finding {
  const detail = clockOffset(time);
  if (detail === undefined) return { status: "ok", detail: "agrees with AWS" };
  if (!isClockWrong(time)) return { status: "ok", detail };
  const remedy = SET_CLOCK[os] ?? SET_CLOCK.linux;
  const off = Math.abs(time.local - time.server);
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
