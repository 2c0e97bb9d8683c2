/** The time. */
export interface Clock {
  /** Milliseconds since the epoch, by the wall clock. */
  now(): number;
  /** Waits so many milliseconds, or until the signal aborts; either way it resolves. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
