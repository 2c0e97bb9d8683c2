import type { Clock } from "../../core/ports/clock.ts";
import { within } from "../../core/ports/within.ts";
import type { NamedTarget } from "../../core/target/target.ts";
import { backoffMs } from "../token/schedule.ts";
import type { TokenSource } from "../token/token_source.ts";

/** A target that nobody can be logged in to now. */
export interface NotReady {
  /** What the target is called. */
  name: string;
  error: unknown;
}

/** Signing may wait on a network for long; who asks for readiness does not, in milliseconds. */
const LONGEST_ANSWER_MS = 5_000;

/** The targets that no token can be signed for. A token that is good still is taken from the cache. */
export async function findNotReady(
  targets: readonly NamedTarget[],
  tokens: TokenSource,
  clock: Clock,
): Promise<NotReady[]> {
  const outcomes = await Promise.all(targets.map(async ({ name, target }) => {
    try {
      await within(
        clock,
        LONGEST_ANSWER_MS,
        () => new Error("signing takes too long"),
        () => tokens.get(target),
      );
    } catch (error) {
      return { name, error };
    }
  }));
  return outcomes.filter((outcome) => outcome !== undefined);
}

/**
 * Waits until a token can be signed for each of the targets, or the signal aborts.
 *
 * @param failed hears of the first failure of each target
 */
export async function waitUntilReady(
  targets: () => readonly NamedTarget[],
  failed: (failure: NotReady) => void,
  { tokens, clock }: { tokens: TokenSource; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const reported = new Set<string>();
  for (let attempt = 1; !signal.aborted; attempt++) {
    const failures = await findNotReady(targets(), tokens, clock);
    if (failures.length === 0) return;
    for (const failure of failures) {
      if (!reported.has(failure.name)) failed(failure);
      reported.add(failure.name);
    }
    await clock.sleep(backoffMs(attempt), signal);
  }
}
