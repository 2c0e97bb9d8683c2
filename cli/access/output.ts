import type { PlanLine } from "../../core/access/describe_plan.ts";
import type { Output, Reporter } from "../frame/output.ts";
import { paint, type Style } from "../frame/paint.ts";
import type { AccessReport } from "./report.ts";

/** The form that a report is printed in. */
export type AccessFormat = "lines" | "sql" | "json";

const STYLES: Record<PlanLine["sign"], Style> = {
  "+": "green",
  "-": "red",
  "~": "yellow",
  "=": "dim",
};

/** Prints what was, or would be, changed. */
export function printReport(
  { lines, script, json }: AccessReport,
  { format, hasColor }: { format: AccessFormat; hasColor: boolean },
  stdout: Output,
): void {
  switch (format) {
    case "sql":
      return stdout.write(script);
    case "json":
      return stdout.write(`${JSON.stringify(json)}\n`);
    case "lines":
      for (const { sign, text } of lines) {
        const line = `${sign} ${text}`;
        stdout.write(`${hasColor ? paint(STYLES[sign], line) : line}\n`);
      }
  }
}

/** Tells what else there is to say: notices, and whose login is touched. */
export function tellAside(
  { warnings, notes, details }: AccessReport,
  reporter: Reporter,
): void {
  for (const warning of warnings) reporter.warn(warning);
  for (const note of notes) reporter.info(`note: ${note}`);
  for (const detail of details) reporter.detail(detail);
}
