import assert from "node:assert/strict";
import {
  authenticationCleartextPassword,
  decodePassword,
} from "../../../core/pgwire/authentication.ts";
import { bytesOf, concat, uint32 } from "../../testdata/packets.ts";

Deno.test("authenticationCleartextPassword() is R with code 3", () => {
  assert.deepEqual(
    authenticationCleartextPassword(),
    concat(bytesOf("R"), uint32(8), uint32(3)),
  );
});

Deno.test("decodePassword() reads the password", () => {
  assert.equal(
    decodePassword({ type: "p", body: bytesOf("h:1/?é\0") }),
    "h:1/?é",
  );
  assert.equal(decodePassword({ type: "p", body: bytesOf("\0") }), "");
});

Deno.test("decodePassword() keeps a byte order mark", () => {
  const body = bytesOf("\ufeffx\0");
  assert.equal(decodePassword({ type: "p", body }), "\ufeffx");
});

Deno.test("decodePassword() refuses another message, on one line", () => {
  for (
    const [type, quoted] of [["Q", '"Q"'], ["\n", '"\\n"'], ['"', '"\\""']]
  ) {
    assert.throws(
      () => decodePassword({ type: type ?? "", body: bytesOf("hunter2\0") }),
      new SyntaxError(`Cannot read password: message ${quoted} came instead`),
    );
  }
});

Deno.test("decodePassword() wants one NUL, at the end", () => {
  for (const body of ["", "hunter2", "hun\0ter2", "hun\0ter2\0", "\0\0"]) {
    assert.throws(
      () => decodePassword({ type: "p", body: bytesOf(body) }),
      new SyntaxError("Cannot read password: it does not end with NUL"),
    );
  }
});
