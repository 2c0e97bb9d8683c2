import assert from "node:assert/strict";
import { readChoice } from "../../../core/text/choice.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const FORMATS = ["token", "json", "url"] as const;

Deno.test("readChoice() takes a word that is one of them, letter by letter", () => {
  assert.equal(readChoice("json", FORMATS, "Format"), "json");
  assertRefuses(() => readChoice("JSON", FORMATS, "Format"), {
    kind: "usage",
    message: 'Format "JSON" is not known',
    hint: 'Did you mean "json"?',
  });
});

Deno.test("readChoice() names all of them where none is near", () => {
  assertRefuses(() => readChoice("xml", FORMATS, "--format"), {
    kind: "usage",
    message: '--format "xml" is not known',
    hint: "Known: token, json, url",
  });
});
