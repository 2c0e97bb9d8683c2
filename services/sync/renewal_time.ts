import type { AuthToken } from "../../core/token/token.ts";

/** The part of a token's life within which it is renewed: from half of it to two thirds, minutes 7.5 to 10 of 15. */
const EARLIEST = 1 / 2;
const LATEST = 2 / 3;

/** Renewals are gathered into steps this long, in milliseconds, so that a file is not rewritten for each of its targets. */
const STEP_MS = 10_000;

/** Credentials about to end give tokens of next to no life; renewing them must not become a busy loop. */
const SHORTEST_MS = 1_000;

/**
 * When to renew a target's token, in milliseconds since the epoch. Each name has its own place between the earliest and
 * the latest time, so that tokens which were all signed at once are not all renewed at once.
 */
export function renewalTime(name: string, token: AuthToken): number {
  const { issuedAt, expiresAt } = token;
  const life = expiresAt - issuedAt;
  const at = EARLIEST + (LATEST - EARLIEST) * place(name);
  const wait = life * at;
  const steps = wait > STEP_MS ? Math.floor(wait / STEP_MS) * STEP_MS : wait;
  return issuedAt + Math.max(steps, SHORTEST_MS);
}

/** A number from 0 to 1 that is always the same for a name, and evenly spread over names (FNV-1a). */
function place(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  // FNV's low bits differ most between names that differ in their last letter.
  return ((hash ^ (hash >>> 16)) & 0xffff) / 0x10000;
}
