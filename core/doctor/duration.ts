const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A length of time for people, rounded down: `45 s`, `12 min`, `7 h 20 min`, `312 days`.
 *
 * @param ms milliseconds, not negative
 */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2 * MINUTE) return `${seconds} s`;
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} days`;
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const hours = `${Math.floor(seconds / HOUR)} h`;
  return minutes === 0 ? hours : `${hours} ${minutes} min`;
}
