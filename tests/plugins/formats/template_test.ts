import assert from "node:assert/strict";
import { WriterOptionError } from "../../../plugins/contract/writer_options.ts";
import { parseTemplate } from "../../../plugins/formats/template.ts";

for (
  const [template, message, hint] of [
    [
      "a\n{{pasword}}",
      'Line 2 of the template: Placeholder "pasword" is not known',
      'Did you mean "password"?',
    ],
    [
      "{{password|jsn}}",
      'Line 1 of the template: Filter "jsn" is not known',
      'Did you mean "json"?',
    ],
    [
      "{{password|toString}}",
      'Line 1 of the template: Filter "toString" is not known',
      "Known: json, url, shell, pgpass, xml, ini, base64",
    ],
    ["x\n\n{{#each}}\n", "Line 3 of the template: {{#each}} is not ended"],
    ["{{/each}}", "Line 1 of the template: {{/each}} ends nothing"],
    [
      "{{#each}}\n{{#each}}\n",
      "Line 2 of the template: {{#each}} stands within another",
    ],
    [
      "{{name}}\n{{password",
      "Line 2 of the template: A placeholder is not ended",
      '{{"{{"}} writes two braces',
    ],
    [
      "{{password\n{{name}}",
      "Line 1 of the template: A placeholder is not ended",
      '{{"{{"}} writes two braces',
    ],
  ] as const
) {
  Deno.test(`parseTemplate() refuses ${JSON.stringify(template)}`, () => {
    assert.throws(
      () => parseTemplate(template),
      new WriterOptionError(message, hint),
    );
  });
}

Deno.test("parseTemplate() leaves nothing of a line that holds a loop's tag alone", () => {
  const nodes = parseTemplate(
    "a\n  {{#each}}\nb\n{{/each}}\nc{{#each}}d{{/each}}",
  );
  assert.deepEqual(nodes, [
    { kind: "text", text: "a\n" },
    { kind: "each", nodes: [{ kind: "text", text: "b\n" }] },
    { kind: "text", text: "c" },
    { kind: "each", nodes: [{ kind: "text", text: "d" }] },
  ]);
});
