import { timeLeft } from "./time_left.ts";

/** What the status line tells of one target. */
export interface TargetStatus {
  name: string;
  /** When its token stops working, in milliseconds since the epoch; `undefined` before there is one. */
  expiresAt: number | undefined;
  /** Whether it cannot be renewed at present. */
  isFailing: boolean;
}

/**
 * The state of all targets in one line no longer than a terminal is wide: those in trouble first, then those with the
 * least time left.
 *
 * @param width columns of the terminal
 */
export function formatStatus(
  targets: readonly TargetStatus[],
  now: number,
  width: number,
): string {
  const urgent = [...targets].sort((left, right) =>
    Number(right.isFailing) - Number(left.isFailing) ||
    (left.expiresAt ?? 0) - (right.expiresAt ?? 0)
  );
  let line = "";
  for (const [index, { name, expiresAt, isFailing }] of urgent.entries()) {
    const left = expiresAt === undefined ? "none" : timeLeft(expiresAt, now);
    const part = `${name} ${left}${isFailing ? " (cannot renew)" : ""}`;
    const separator = index === 0 ? "" : " · ";
    const others = urgent.length - index - 1;
    const rest = others === 0 ? "" : ` · +${others} more`;
    if (line.length + separator.length + part.length + rest.length >= width) {
      const more = index === 0
        ? `${urgent.length} targets`
        : ` · +${others + 1} more`;
      return `${line}${more}`.slice(0, Math.max(0, width - 1));
    }
    line += separator + part;
  }
  return line;
}

/** How many columns the terminal of this process has; 80 when there is no telling. */
export function terminalWidth(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
