import type { Clock } from "../../core/ports/clock.ts";

/** The system's wall clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      function done() {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      }
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    });
  },
};
