import { TOKEN_LIFETIME_MS } from "../../token/token.ts";
import type { Finding } from "../check.ts";
import { duration } from "../duration.ts";

/**
 * Whether credentials last.
 *
 * @param source what they come from, for people
 * @param expiresAt when they end, in milliseconds since the epoch; `undefined` when they do not say
 * @param now milliseconds since the epoch
 */
export function judgeCredentials(
  source: string,
  expiresAt: number | undefined,
  now: number,
): Finding {
  if (expiresAt === undefined) return { status: "ok", detail: source };
  const left = expiresAt - now;
  if (left <= 0) {
    return {
      status: "failed",
      kind: "credentials",
      detail: `${source}: expired ${duration(-left)} ago`,
      remedy:
        "Sign in again, or take the expired AWS_* variables out of the environment",
    };
  }
  const detail = `${source}, good for ${duration(left)}`;
  return left >= TOKEN_LIFETIME_MS
    ? { status: "ok", detail }
    : { status: "warning", detail: `${detail}: no token lasts longer` };
}
