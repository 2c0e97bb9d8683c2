import { within } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";

/**
 * Waits for somebody else's code, but not for ever.
 *
 * @throws {Error} when it has not settled within so many milliseconds
 */
export async function settleInTime<Value>(
  value: Value | Promise<Value>,
  deadlineMs: number,
): Promise<Value> {
  return await within(
    systemClock,
    deadlineMs,
    () => new Error(`It took longer than ${deadlineMs / 1000} s`),
    () => Promise.resolve(value),
  );
}
