import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ManagedBlock,
  putBlocks,
  readBlocks,
  readForeignLines,
  removeBlocks,
} from "../../../plugins/formats/managed_blocks.ts";
import { UnreadableText } from "../../../core/writer/writer.ts";
import { START } from "../../fakes.ts";
import { anyCharacter } from "../../any_character.ts";

const BLOCK: ManagedBlock = {
  name: "orders",
  expiresAt: START,
  lines: ["A=1", "B=2"],
};
const TEXT = [
  "# rdsiam begin orders (do not edit, token until 2026-01-15T12:34:56.000Z)",
  "A=1",
  "B=2",
  "# rdsiam end orders",
  "",
].join("\n");

Deno.test("putBlocks() appends what is new and replaces what is there in its place", () => {
  assert.equal(putBlocks("", [BLOCK], "#"), TEXT);
  assert.equal(putBlocks("x\n", [BLOCK], "#"), `x\n${TEXT}`);
  const changed = { ...BLOCK, lines: ["A=3"] };
  const text = putBlocks(`x\n${TEXT}y\n`, [changed], "#");
  assert.equal(text, `x\n${TEXT.replace("A=1\nB=2", "A=3")}y\n`);
});

Deno.test("putBlocks() takes the file's line ends and leaves a missing one missing", () => {
  assert.equal(
    putBlocks("x\r\n", [BLOCK], "#"),
    `x\r\n${TEXT.replaceAll("\n", "\r\n")}`,
  );
  assert.equal(putBlocks("x", [BLOCK], "#"), `x\n${TEXT.slice(0, -1)}`);
  assert.equal(
    putBlocks("x", [BLOCK, { ...BLOCK, name: "b", expiresAt: undefined }], "#"),
    `x\n${TEXT}# rdsiam begin b (do not edit)\nA=1\nB=2\n# rdsiam end b`,
  );
});

Deno.test("readBlocks() reads what was put, whatever the name", () => {
  for (const name of ["orders", "a b%c", "app@h:3306/ü", "x\ny", "(do"]) {
    const block = { ...BLOCK, name };
    assert.deepEqual(readBlocks(putBlocks("x", [block], "#"), "#"), [block]);
  }
});

Deno.test("readForeignLines() numbers the lines of the file", () => {
  assert.deepEqual(readForeignLines(`x\r\n${TEXT}y\nz`, "#"), [
    { line: 1, text: "x" },
    { line: 6, text: "y" },
    { line: 7, text: "z" },
  ]);
});

Deno.test("readBlocks() minds the sign of a comment", () => {
  assert.deepEqual(readBlocks(TEXT, ";"), []);
});

for (
  const [what, text, line, why] of [
    [
      "no end",
      "x\n# rdsiam begin a\nx",
      2,
      "a managed block begins here and does not end",
    ],
    [
      "no end before the next",
      "# rdsiam begin a\n# rdsiam begin b\n# rdsiam end b",
      1,
      "a managed block begins here and does not end",
    ],
    [
      "no beginning",
      "x\n\n# rdsiam end a",
      3,
      "a managed block ends here that did not begin",
    ],
    [
      "another's end",
      "# rdsiam begin a\n# rdsiam end b",
      2,
      "a managed block ends here that did not begin",
    ],
    ["a name twice", TEXT + TEXT, 5, "a managed block occurs twice"],
    [
      "a broken name",
      "# rdsiam begin %zz\n# rdsiam end %zz",
      1,
      "a managed block has a broken name",
    ],
    [
      "binary data around it",
      `x\n\0\n${TEXT}`,
      2,
      "it holds a NUL byte",
    ],
  ] as const
) {
  Deno.test(`readBlocks() refuses a block with ${what}`, () => {
    assert.throws(() => readBlocks(text, "#"), (error) => {
      assert.ok(error instanceof UnreadableText);
      assert.deepEqual([error.line, error.message], [line, why]);
      return true;
    });
  });
}

const foreign = fc.array(
  fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom("\n", "\r\n", "\r", "# rdsiam", "\ud800", "\ufeff"),
  ),
).map((pieces) => pieces.join("").replaceAll("\0", ""))
  // A carriage return and the line end that follows the file's last line would be one line end.
  .filter((text) => !text.endsWith("\r"));
const names = fc.uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), {
  maxLength: 4,
});
const lines = fc.array(
  fc.string().filter((text) => !/[\r\n]|rdsiam/.test(text)),
);

Deno.test("removeBlocks() gives back every byte that was there before putBlocks()", () => {
  fc.assert(fc.property(foreign, names, lines, (old, names, lines) => {
    const blocks = names.map((name) => ({ ...BLOCK, name, lines }));
    const text = putBlocks(old, blocks, "#");
    assert.deepEqual(readBlocks(text, "#"), blocks);
    assert.equal(putBlocks(text, blocks, "#"), text);
    assert.equal(removeBlocks(text, undefined, "#"), old);
    let left = text;
    for (const name of names) left = removeBlocks(left, [name], "#");
    assert.equal(left, old);
  }));
});
