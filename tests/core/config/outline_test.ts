import assert from "node:assert/strict";
import { lineOf, outline } from "../../../core/config/outline.ts";

const TEXT = `# a comment
a.b = 1
[x."y.z"] # its header
text = """
[no.header]
"""
inline = { c = { d = 1 }, list = [{ e = 2 }] }

[[sync]]
[[sync]]
[sync.options]
`;

Deno.test("outline() gives every table and key its whole path", () => {
  assert.deepEqual(
    outline(TEXT).map(({ path, line }) => [
      path.join("/"),
      line,
    ]),
    [
      ["a/b", 2],
      ["x/y.z", 3],
      ["x/y.z/text", 4],
      ["x/y.z/inline", 7],
      ["x/y.z/inline/c", 7],
      ["x/y.z/inline/c/d", 7],
      ["x/y.z/inline/list", 7],
      ["x/y.z/inline/list/0/e", 7],
      ["sync/0", 9],
      ["sync/1", 10],
      ["sync/1/options", 11],
    ],
  );
});

Deno.test("outline() says where each stands", () => {
  for (const text of [TEXT, TEXT.replaceAll("\n", "\r\n")]) {
    const slices = outline(text).map(({ kind, range }) =>
      `${kind} ${text.slice(...range)}`
    );
    assert.equal(slices[0], "key a.b = 1");
    assert.match(slices[1] ?? "", /^table \[x\."y\.z"\][^]*} ?] ?}$/);
    assert.equal(slices[5], "key d = 1");
    assert.equal(slices[8], "table [[sync]]");
  }
});

Deno.test("lineOf() finds what stands at a path, or above it", () => {
  assert.equal(lineOf(TEXT, ["x", "y.z", "text"]), 4);
  assert.equal(lineOf(TEXT, ["x"]), 3);
  assert.equal(lineOf(TEXT, ["x", "y.z", "missing"]), 3);
  assert.equal(lineOf(TEXT, ["sync", 1]), 10);
  assert.equal(lineOf(TEXT, ["nothing"]), undefined);
});
