import { RdsiamError } from "../errors.ts";

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Reads `30s`, `500ms`, `5m`, `1h`, or a number of seconds; in milliseconds.
 *
 * @throws {RdsiamError} `usage`, naming the field
 */
export function readDuration(text: string, field: string): number {
  const [, count, unit = "s"] = /^(\d{1,6})(ms|s|m|h)?$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (count !== undefined && factor !== undefined) {
    return Number(count) * factor;
  }
  throw new RdsiamError("usage", `Time "${text}" of ${field} is not valid`, {
    hint: "Write it as 30s, 5m or 0",
  });
}
