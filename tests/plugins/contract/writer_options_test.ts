import assert from "node:assert/strict";
import {
  readWriterOptions,
  WriterOptionError,
} from "../../../plugins/contract/writer_options.ts";

const DEFAULTS = {
  flavor: ["both", "mysql", "mariadb"],
  newline: false,
  length: 10,
  name: "",
} as const;

Deno.test("readWriterOptions() gives the defaults, a list's first value", () => {
  assert.deepEqual(readWriterOptions(undefined, DEFAULTS), {
    flavor: "both",
    newline: false,
    length: 10,
    name: "",
  });
});

Deno.test("readWriterOptions() takes values, and the text of a number or boolean", () => {
  const given = { flavor: "mysql", newline: "true", length: "20", name: "a" };
  assert.deepEqual(readWriterOptions(given, DEFAULTS), {
    flavor: "mysql",
    newline: true,
    length: 20,
    name: "a",
  });
});

for (
  const [given, message, hint] of [
    [
      { flavour: "mysql" },
      'Option "flavour" is not known',
      'Did you mean "flavor"?',
    ],
    [
      { zzzzzz: 1 },
      'Option "zzzzzz" is not known',
      "Known: flavor, newline, length, name",
    ],
    [
      { flavor: "db2" },
      'Option "flavor" is "db2", and must be both or mysql or mariadb',
    ],
    [{ newline: "maybe" }, 'Option "newline" must be a boolean'],
    [{ length: "" }, 'Option "length" must be a number'],
  ] as const
) {
  Deno.test(`readWriterOptions() refuses ${JSON.stringify(given)}`, () => {
    assert.throws(
      () => readWriterOptions(given, DEFAULTS),
      new WriterOptionError(message, hint),
    );
  });
}
