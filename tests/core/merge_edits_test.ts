import assert from "node:assert/strict";
import { mergeEdits } from "../../core/merge_edits.ts";

const replacement = { base: "a\n", written: "a\nours\n" };

Deno.test("mergeEdits() keeps the current content when there was no edit", () => {
  for (const last of [undefined, replacement]) {
    const merged = mergeEdits("a\nours\n", last, []);
    assert.deepEqual(merged, { text: "a\nours\n", conflicts: [] });
  }
});

Deno.test("mergeEdits() takes an edit as a whole when only we have written since", () => {
  for (const late of ["a\nb\n", "", "something else", "a\nours\n"]) {
    const merged = mergeEdits("a\nours\n", replacement, [{
      seen: "a\n",
      late,
    }]);
    assert.deepEqual(merged, { text: late, conflicts: [] });
  }
});

Deno.test("mergeEdits() appends what was appended when others have written too", () => {
  const edits = [{ seen: "a\n", late: "a\nb\n" }];
  assert.deepEqual(
    mergeEdits("a\nours\ntheirs\n", replacement, edits),
    { text: "a\nours\ntheirs\nb\n", conflicts: [] },
  );
  assert.deepEqual(mergeEdits("x", undefined, edits), {
    text: "x\nb\n",
    conflicts: [],
  });
  assert.deepEqual(mergeEdits("", undefined, edits), {
    text: "b\n",
    conflicts: [],
  });
});

Deno.test("mergeEdits() takes one edit as a whole and what the others appended", () => {
  const edits = [
    { seen: "older\n", late: "older\nb\n" },
    { seen: "a\n", late: "a\nc\n" },
    { seen: "a\nours\n", late: "a\nours\nd\n" },
  ];
  assert.deepEqual(
    mergeEdits("a\nours\n", replacement, edits),
    { text: "a\nc\nb\nd\n", conflicts: [] },
  );
});

Deno.test("mergeEdits() appends no line once more that a killed run may have brought over", () => {
  const edit = { seen: "a\n", late: "a\nb\nc\n", isDoubtful: true };
  assert.deepEqual(mergeEdits("a\nours\nb\n", undefined, [edit]), {
    text: "a\nours\nb\nc\n",
    conflicts: [],
  });
  assert.deepEqual(mergeEdits("a\nb\nc\n", undefined, [edit]), {
    text: "a\nb\nc\n",
    conflicts: [],
  });
});

Deno.test("mergeEdits() gives the edits that contradict what others have written", () => {
  const conflicts = [
    { seen: "a\n", late: "rewritten\n" },
    { seen: undefined, late: "nobody knows\n" },
  ];
  assert.deepEqual(
    mergeEdits("a\nours\ntheirs\n", replacement, conflicts),
    { text: "a\nours\ntheirs\n", conflicts },
  );
});
