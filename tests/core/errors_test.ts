import assert from "node:assert/strict";
import { RdsiamError } from "../../core/errors.ts";
import { ProgramError } from "../../core/ports/program_error.ts";

Deno.test("RdsiamError carries its kind, hint and cause", () => {
  const cause = new Error("underneath");
  const error = new RdsiamError("usage", "Port is wrong", { hint: "x", cause });
  assert.ok(error instanceof Error);
  assert.equal(error.name, "RdsiamError");
  assert.equal(error.kind, "usage");
  assert.equal(error.message, "Port is wrong");
  assert.equal(error.hint, "x");
  assert.equal(error.cause, cause);
});

Deno.test("RdsiamError has no cause where there is none", () => {
  const error = new RdsiamError("failed", "It broke");
  assert.equal(error.hint, undefined);
  assert.equal("cause" in error, false);
});

Deno.test("ProgramError says what a shell would exit with", () => {
  const error = new ProgramError(127, "Program is not found", { hint: "x" });
  assert.ok(error instanceof RdsiamError);
  assert.equal(error.kind, "failed");
  assert.equal(error.exitCode, 127);
  assert.equal(error.hint, "x");
});
