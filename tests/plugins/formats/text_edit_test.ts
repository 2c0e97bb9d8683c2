import assert from "node:assert/strict";
import {
  applyEdits,
  indentAt,
  indentUnitOf,
  lineAt,
  lineEndOf,
} from "../../../plugins/formats/text_edit.ts";

Deno.test("applyEdits() makes edits in the order of their places", () => {
  assert.equal(
    applyEdits(
      "abcdef",
      [
        { offset: 4, length: 1, content: "" },
        { offset: 1, length: 2, content: "X" },
        { offset: 1, length: 0, content: "" },
      ].toSorted((a, b) => a.length - b.length),
    ),
    "aXdf",
  );
});

Deno.test("applyEdits() keeps the order of edits at one place", () => {
  assert.equal(
    applyEdits("ab", [
      { offset: 1, length: 0, content: "1" },
      { offset: 1, length: 0, content: "2" },
    ]),
    "a12b",
  );
});

Deno.test("applyEdits() refuses edits that overlap", () => {
  assert.throws(
    () =>
      applyEdits("abc", [
        { offset: 0, length: 2, content: "" },
        { offset: 1, length: 1, content: "" },
      ]),
    new RangeError("Edits overlap"),
  );
});

Deno.test("lineAt(), lineEndOf() and indentAt() tell what a text looks like", () => {
  const text = "a\r\n\t b\n";
  assert.deepEqual([0, 3, 5, 7].map((place) => lineAt(text, place)), [
    1,
    2,
    2,
    3,
  ]);
  assert.equal(lineEndOf(text), "\r\n");
  assert.equal(lineEndOf("a\nb\r\n"), "\n");
  assert.equal(lineEndOf(""), "\n");
  assert.equal(indentAt(text, 5), "\t ");
  assert.equal(indentAt(text, 4), "\t");
  assert.equal(indentUnitOf("a\n\tb\n\t\tc"), "\t");
  assert.equal(indentUnitOf("a\nb"), "  ");
});
