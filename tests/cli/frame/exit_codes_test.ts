import assert from "node:assert/strict";
import { CancelledError } from "../../../core/cancelled_error.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { ProgramError } from "../../../core/ports/program_error.ts";
import {
  childExitCode,
  EXIT_CODES,
  exitCodeOf,
  SUCCESS,
} from "../../../cli/frame/exit_codes.ts";

Deno.test("README has the exit codes that there are", async () => {
  const readme = await Deno.readTextFile(
    new URL("../../../README.md", import.meta.url),
  );
  const [, table = ""] = readme.split("| exit code |");
  const rows = [...table.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm)];
  assert.deepEqual(
    rows.map(([, code, means]) => `${code} ${means}`),
    [SUCCESS, ...Object.values(EXIT_CODES)]
      .map(({ code, means }) => `${code} ${means}`),
  );
});

Deno.test("exitCodeOf() is that of the error's kind, and a shell's for programs and Ctrl-C", () => {
  const rows: [unknown, number][] = [
    [new RdsiamError("unreachable", "Away"), 4],
    [new ProgramError(127, "Not found"), 127],
    [new CancelledError("Left", undefined), 130],
    [new TypeError("A fault of ours"), 1],
  ];
  for (const [error, code] of rows) assert.equal(exitCodeOf(error), code);
});

Deno.test("childExitCode() is the child's, or 128 and its signal", () => {
  assert.equal(childExitCode({ kind: "code", code: 7 }), 7);
  const killed = { kind: "signal", signal: "SIGTERM", number: 15 } as const;
  assert.equal(childExitCode(killed), 143);
});
