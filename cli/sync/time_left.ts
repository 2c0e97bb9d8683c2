/**
 * How long something is still good for, for people: `14:05`, `expired`.
 *
 * @param expiresAt milliseconds since the epoch
 */
export function timeLeft(expiresAt: number, now: number): string {
  const seconds = Math.ceil((expiresAt - now) / 1000);
  if (seconds <= 0) return "expired";
  const rest = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${rest}`;
}
