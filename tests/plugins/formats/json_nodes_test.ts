import assert from "node:assert/strict";
import {
  jsonContainer,
  jsonEntries,
  jsonText,
  parseJsonObject,
} from "../../../plugins/formats/json_nodes.ts";
import { UnreadableText } from "../../../core/writer/writer.ts";

Deno.test("jsonContainer() refuses another type with its line", () => {
  assert.throws(
    () => jsonContainer('{\n"a":\n[]}', "a", "object"),
    new UnreadableText(3, '"a" is not an object'),
  );
  assert.equal(jsonContainer("{}", "a", "object"), undefined);
});

Deno.test("jsonText() finds text by its path, of a key that is there twice the last", () => {
  const root = parseJsonObject(
    '{"a": [{"b": "1"}], "c": 2, "d": "3", "d": "4"}',
  );
  assert.equal(jsonText(root, "a", 0, "b"), "1");
  assert.equal(jsonText(root, "a", 1, "b"), undefined);
  assert.equal(jsonText(root, "c"), undefined);
  assert.equal(jsonText(root, "d"), "4");
  assert.deepEqual([...jsonEntries(undefined)], []);
});
