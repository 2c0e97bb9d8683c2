import type { ExitStatus } from "../../core/ports/process.ts";

/** What rdsiam exits with in a child's place: its code, or 128 and the number of the signal that ended it, as shells do. */
export function childExitCode(status: ExitStatus): number {
  return status.kind === "code" ? status.code : 128 + status.number;
}
