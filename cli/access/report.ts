import type { PlanLine } from "../../core/access/describe_plan.ts";
import type { RdsiamError } from "../../core/errors.ts";

/** What came, or would come, of a wish, in whatever engine. */
export interface AccessReport {
  /** How many changes there are to make. */
  changes: number;
  /** What is as wished, and what was, or would be, changed. */
  lines: readonly PlanLine[];
  /** The statements that make the changes. */
  script: string;
  /** The report for programs. */
  json: object;
  /** What somebody loses by it, and whose login it touches. */
  warnings: readonly string[];
  /** What else there is to say. */
  notes: readonly string[];
  /** For those who want to know it all. */
  details: readonly string[];
  /** Why not all of it was done, where some of it was. */
  failure?: RdsiamError | undefined;
}
