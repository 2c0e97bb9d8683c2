import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeAnyText, encodeAnyText } from "../../../core/text/any_text.ts";
import { anyCharacter } from "../../any_character.ts";

Deno.test("any bytes come back from decodeAnyText() through encodeAnyText()", () => {
  const bytes = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: anyCharacter, maxLength: 3 }).map((text) =>
        new TextEncoder().encode(text.toWellFormed())
      ),
    ),
    { maxLength: 6 },
  ).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
  fc.assert(
    fc.property(bytes, (bytes) => {
      assert.deepEqual(encodeAnyText(decodeAnyText(bytes)), bytes);
    }),
    { numRuns: 300 },
  );
});

Deno.test("UTF-8 is itself, and Latin-1 between it is carried", () => {
  assert.equal(
    decodeAnyText(new TextEncoder().encode("\ufeffcafé😀")),
    "\ufeffcafé😀",
  );
  assert.equal(
    decodeAnyText(Uint8Array.of(0x63, 0xe9, 0x20, 0xc3, 0xa9)),
    "c\udce9 é",
  );
});
