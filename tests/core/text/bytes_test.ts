import fc from "fast-check";
import assert from "node:assert/strict";
import { bytesOf, textOf } from "../../../core/text/bytes.ts";
import { anyCharacter } from "../../any_character.ts";

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** Bytes that are mostly near the limits of UTF-8's forms. */
const nearUtf8 = fc.array(
  fc.oneof(
    fc.nat(255),
    fc.constantFrom(0x0a, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf),
    fc.constantFrom(0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
  ),
).map((values) => Uint8Array.from(values));

Deno.test("textOf() reads UTF-8 as it is, with its byte order mark and line ends", () => {
  const text = "\ufeffgrüße 🐘\r\n\0\uffff";
  assert.equal(textOf(new TextEncoder().encode(text)), text);
  assert.deepEqual(bytesOf(text), new TextEncoder().encode(text));
  assert.equal(textOf(bytes()), "");
  assert.deepEqual(bytesOf(""), bytes());
});

Deno.test("textOf() reads each byte that is part of no character as a lone surrogate", () => {
  for (
    const [input, text] of [
      [bytes(0x67, 0xfc, 0x6e), "g\udcfcn"], // Latin 1
      [bytes(0xc0, 0x80), "\udcc0\udc80"], // a longer form than needed
      [bytes(0xed, 0xa0, 0x80), "\udced\udca0\udc80"], // a surrogate
      [bytes(0xf4, 0x90, 0x80, 0x80), "\udcf4\udc90\udc80\udc80"], // beyond U+10FFFF
      [bytes(0xf0, 0x9f, 0x90), "\udcf0\udc9f\udc90"], // cut off
      [bytes(0xf0, 0x9f, 0x90, 0x98, 0xff), "🐘\udcff"],
      [bytes(0xff, 0xc3, 0xbc, 0xe2, 0x82, 0xac), "\udcffü€"],
    ] as const
  ) {
    assert.equal(textOf(input), text);
    assert.deepEqual(bytesOf(text), input);
  }
});

Deno.test("textOf() and bytesOf() give any bytes back", () => {
  fc.assert(
    fc.property(nearUtf8, (input) => {
      assert.deepEqual(bytesOf(textOf(input)), input);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("textOf() reads as the platform's decoder does, but for what is no UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), nearUtf8, (text, junk) => {
      const good = new TextEncoder().encode(text);
      const escaped = textOf(Uint8Array.from([...good, 0xff, ...junk]));
      assert.ok(escaped.startsWith(`${text}\udcff`));
    }),
  );
});

Deno.test("bytesOf() gives back what was cut out of a text and put together elsewhere", () => {
  fc.assert(fc.property(nearUtf8, nearUtf8, (one, other) => {
    const text = `${textOf(one)}\n${textOf(other)}`;
    assert.deepEqual(bytesOf(text), Uint8Array.from([...one, 0x0a, ...other]));
  }));
});

Deno.test("bytesOf() refuses half a surrogate pair that stands for no byte", () => {
  for (const text of ["\ud83d", "a\udc7f", "\ud83d\udcff\ud83d", "\udd00"]) {
    assert.throws(() => bytesOf(text), {
      name: "RangeError",
      message: "Text holds half a surrogate pair",
    });
  }
});
