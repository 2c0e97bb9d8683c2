import assert from "node:assert/strict";
import {
  decodeErrorFields,
  fatalError,
  withHint,
} from "../../../core/pgwire/error_response.ts";
import { bytesOf, message } from "../../testdata/packets.ts";

Deno.test("fatalError() says severity, code and message", () => {
  assert.deepEqual(
    fatalError({ code: "28000", message: 'no entry for "josé"' }),
    message("E", bytesOf('SFATAL\0VFATAL\0C28000\0Mno entry for "josé"\0\0')),
  );
});

Deno.test("fatalError() says a hint, and lets no text end early", () => {
  assert.deepEqual(
    fatalError({ code: "28000", message: "no\0Mgood", hint: "do this" }),
    message("E", bytesOf("SFATAL\0VFATAL\0C28000\0MnoMgood\0Hdo this\0\0")),
  );
});

Deno.test("decodeErrorFields() reads code, message and hint", () => {
  const body = bytesOf("SFATAL\0C28000\0MPAM é\0Htry\0\0");
  assert.deepEqual(decodeErrorFields(body), {
    code: "28000",
    message: "PAM é",
    hint: "try",
  });
  assert.deepEqual(decodeErrorFields(bytesOf("")), {
    code: "",
    message: "",
    hint: undefined,
  });
});

Deno.test("withHint() adds a hint behind every other byte", () => {
  const body = bytesOf("SFATAL\0C28000\0MPAM \0Fauth.c\0\0");
  assert.deepEqual(
    withHint(body, "look there"),
    message("E", bytesOf("SFATAL\0C28000\0MPAM \0Fauth.c\0Hlook there\0\0")),
  );
});

Deno.test("withHint() leaves an error alone that has a hint, gets none, or is cut off", () => {
  for (
    const [body, hint] of [
      ["C1\0Hits own\0\0", "another"],
      ["C1\0\0", undefined],
      ["C1\0", "a hint"],
      ["", "a hint"],
    ] as const
  ) {
    assert.deepEqual(
      withHint(bytesOf(body), hint),
      message("E", bytesOf(body)),
    );
  }
});
