import assert from "node:assert/strict";
import { type ErrorKind, RdsiamError } from "../core/errors.ts";

/** What an {@linkcode RdsiamError} is expected to say. */
export interface ExpectedError {
  kind?: ErrorKind;
  message: string;
  hint?: string | undefined;
}

/** Asserts that an error is an {@linkcode RdsiamError} with exactly this kind (default `usage`), message and hint. */
export function assertRdsiamError(error: unknown, expected: ExpectedError) {
  assert.ok(error instanceof RdsiamError, String(error));
  const { kind, message, hint } = error;
  assert.deepEqual({ kind, message, hint }, {
    kind: "usage",
    hint: undefined,
    ...expected,
  });
}

/** Asserts that a call throws such an error. */
export function assertRefuses(call: () => unknown, expected: ExpectedError) {
  assert.throws(call, (error) => {
    assertRdsiamError(error, expected);
    return true;
  });
}

/** Asserts that a promise is rejected with such an error. */
export async function assertRefusesLater(
  promise: Promise<unknown>,
  expected: ExpectedError,
) {
  await assert.rejects(promise, (error) => {
    assertRdsiamError(error, expected);
    return true;
  });
}
