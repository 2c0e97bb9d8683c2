import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "jsonc-parser";
import {
  type JsonPatch,
  mergeJson,
  removeMembers,
} from "../../../plugins/formats/json_edit.ts";
import { UnreadableText } from "../../../core/writer/writer.ts";

for (
  const [what, text, patch, merged] of [
    ["makes an object of an empty text", "", { a: 1 }, '{\n  "a": 1\n}\n'],
    ["adds nothing to an empty text", "", { a: { b: undefined } }, ""],
    [
      "fills an empty object",
      "{}",
      { a: { b: [1] } },
      `{
  "a": {
    "b": [
      1
    ]
  }
}`,
    ],
    [
      "indents as the text does",
      '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
      { a: { c: { d: 2 } } },
      '{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": {\n\t\t\t"d": 2\n\t\t}\n\t}\n}',
    ],
    ["stays on one line", '{"a":1}', { b: { c: 2 } }, '{"a":1, "b": {"c":2}}'],
    [
      "keeps a trailing comma",
      '{\n  "a": 1,\n}',
      { b: 2 },
      '{\n  "a": 1,\n  "b": 2,\n}',
    ],
    [
      "leaves comments where they are",
      '{ // top\n  "a": 1 // one\n  // last\n}',
      { b: 2 },
      '{ // top\n  "a": 1, // one\n  // last\n  "b": 2\n}',
    ],
    [
      "replaces a value",
      '{"a" : [1, 2] , "b":1}',
      { a: [3] },
      `{"a" : [
  3
] , "b":1}`,
    ],
    [
      "leaves a value that is equal already",
      '{"a" : [1,   2]}',
      { a: [1, 2] },
      '{"a" : [1,   2]}',
    ],
    [
      "takes the first member out",
      '{\n  // ours\n  "a": 1,\n  "b": 2\n}',
      { a: undefined },
      '{\n  // ours\n  \n  "b": 2\n}',
    ],
    [
      "takes the last member and its comma out",
      '{\n  "a": 1, // one\n  "b": 2\n}',
      { b: undefined },
      '{\n  "a": 1 // one\n  \n}',
    ],
    [
      "takes all members out",
      '{\n  "a": 1,\n  "b": 2\n}',
      { a: undefined, b: undefined },
      "{}",
    ],
    [
      "takes elements of an array out and adds others",
      '{"a": [{"n": 1}, {"n": 2}, {"n": 3}]}',
      { a: { 0: undefined, 1: { m: 5 }, 2: undefined, 3: { n: 4 } } },
      '{"a": [ {"n": 2, "m": 5}, {"n":4}]}',
    ],
    [
      "writes the line ends of the text",
      '{\r\n  "a": 1\r\n}\r\n',
      { b: { c: 1 } },
      '{\r\n  "a": 1,\r\n  "b": {\r\n    "c": 1\r\n  }\r\n}\r\n',
    ],
    [
      "keeps a byte-order mark",
      '\uFEFF{"a":1}',
      { b: 2 },
      '\uFEFF{"a":1, "b": 2}',
    ],
  ] as [string, string, JsonPatch, string][]
) {
  Deno.test(`mergeJson() ${what}`, () => {
    assert.equal(mergeJson(text, patch), merged);
  });
}

for (
  const [text, line, why] of [
    ['{\n"a": 1,,\n}', 2, "not JSON: property name expected"],
    ['{\n"a"\n', 3, "not JSON: colon expected"],
    ["\n[1]", 2, "not a JSON object"],
    ["[section]\n", 1, "not JSON: invalid symbol"],
  ] as const
) {
  Deno.test(`mergeJson() refuses ${JSON.stringify(text)} with its line`, () => {
    assert.throws(
      () => mergeJson(text, { a: 1 }),
      new UnreadableText(line, why),
    );
  });
}

Deno.test("removeMembers() takes the list along that nothing is left in, and a text that says nothing", () => {
  assert.equal(removeMembers('{\n "a": [ 1 ]\n}\n', "a", ["0"]), "");
  assert.equal(
    removeMembers('{"b": {}, "a": {"c": 1}}', "a", ["c"]),
    '{"b": {}}',
  );
  assert.equal(removeMembers('{"a": {}}', "a", []), '{"a": {}}');
  assert.equal(
    removeMembers('{"a": [1 /* mine */]}', "a", ["0"]),
    '{"a": [ /* mine */]}',
  );
});

/** JSON text of a value with white space, comments and trailing commas strewn in. */
function decorated(value: unknown, noise: () => string): string {
  const n = noise;
  if (Array.isArray(value)) {
    const items = value.map((item) => n() + decorated(item, n) + n());
    return `[${items.join(",")}${items.length > 0 && n() !== "" ? "," : n()}]`;
  }
  if (typeof value === "object" && value !== null) {
    const items = Object.entries(value).map(([key, item]) =>
      `${n()}${JSON.stringify(key)}${n()}:${n()}${decorated(item, n)}${n()}`
    );
    return `{${items.join(",")}${items.length > 0 && n() !== "" ? "," : n()}}`;
  }
  return JSON.stringify(value);
}

/** Merges a patch as the doc comment says, on values. */
function mergedValue(value: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const result = new Map(Object.entries(isObject(value) ? value : {}));
  for (const [key, wanted] of Object.entries(patch)) {
    if (wanted === undefined) result.delete(key);
    else if (!isHollow(wanted) || isObject(result.get(key))) {
      result.set(key, mergedValue(result.get(key), wanted));
    }
  }
  return Object.fromEntries(result);
}

function isHollow(value: unknown): boolean {
  return value === undefined ||
    (isObject(value) && Object.values(value).every(isHollow));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const key = fc.constantFrom("a", "b", "c", "d//e", "f,");
const leaf = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
);
const { value: objects } = fc.letrec((tie) => ({
  value: fc.dictionary(key, fc.oneof(leaf, tie("value")), {
    noNullPrototype: true,
  }),
}));
const { patch: patches } = fc.letrec((tie) => ({
  patch: fc.dictionary(
    key,
    fc.oneof(leaf, tie("patch"), fc.constant(undefined), fc.array(leaf)),
    { noNullPrototype: true },
  ),
}));

Deno.test("mergeJson() changes what the patch names, and only that, in any text", () => {
  fc.assert(fc.property(
    objects,
    patches,
    fc.infiniteStream(
      fc.constantFrom("", "", " ", "\n  ", "/* , { */", "// x, }\n", "\r\n\t"),
    ),
    (value, patch, stream) => {
      const noise = () => stream.next().value;
      const text = decorated(value, noise) + "\n";
      const merged = mergeJson(text, patch as JsonPatch);
      const errors: unknown[] = [];
      const read = parse(merged, errors as never[], {
        allowTrailingComma: true,
      });
      assert.deepEqual(errors, []);
      assert.deepEqual(read, mergedValue(value, patch));
      assert.equal(mergeJson(merged, patch as JsonPatch), merged);
    },
  ));
});
