import assert from "node:assert/strict";
import { reportError } from "../../../cli/frame/errors.ts";
import { Reporter } from "../../../cli/frame/output.ts";
import { CancelledError } from "../../../core/cancelled_error.ts";
import { type ErrorKind, RdsiamError } from "../../../core/errors.ts";
import { ProgramError } from "../../../core/ports/program_error.ts";
import { FakeOutput } from "../../fakes.ts";

function report(error: unknown, isDebugging = false) {
  const output = new FakeOutput();
  const code = reportError(error, new Reporter(output, {}), isDebugging);
  return { code, text: output.text };
}

Deno.test("reportError() gives each kind of error its exit code", () => {
  const codes: Record<ErrorKind, number> = {
    failed: 1,
    usage: 2,
    credentials: 3,
    unreachable: 4,
    refused: 5,
  };
  for (const [kind, code] of Object.entries(codes)) {
    assert.deepEqual(report(new RdsiamError(kind as ErrorKind, "It failed")), {
      code,
      text: "error: It failed\n",
    });
  }
});

Deno.test("reportError() gives a program that cannot be started a shell's exit code", () => {
  for (const code of [126, 127] as const) {
    assert.deepEqual(report(new ProgramError(code, "No", { hint: "Look" })), {
      code,
      text: "error: No\nhint: Look\n",
    });
  }
});

Deno.test("reportError() exits as a shell says of Ctrl-C when a question is left with it", () => {
  assert.deepEqual(report(new CancelledError("No answer", undefined)), {
    code: 130,
    text: "error: No answer\n",
  });
});

Deno.test("reportError() asks to report what nobody expected", () => {
  for (const error of [new TypeError("x is undefined"), "x is undefined"]) {
    assert.deepEqual(report(error), {
      code: 1,
      text: "error: Unexpected: x is undefined\n" +
        "hint: Set RDSIAM_DEBUG=1 to see where, and please report it\n",
    });
  }
});

Deno.test("reportError() shows stack and cause only when debugging", () => {
  const cause = new Error("underneath");
  const error = new RdsiamError("failed", "It failed", { cause });
  assert.doesNotMatch(report(error).text, /underneath|errors_test/);
  assert.match(report(error, true).text, /errors_test[^]*underneath/);
});
