import assert from "node:assert/strict";
import { WriterOptionError } from "../../plugins/contract/writer_options.ts";
import fc from "fast-check";
import { Secret } from "../../core/secret.ts";
import { UnreadableText } from "../../core/writer/writer.ts";
import template from "../../plugins/template.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { fakeEntry, TOKEN } from "./entries.ts";

const STOCK = fakeEntry({ name: "stock", password: new Secret("t2") });

Deno.test("template fills placeholders through their filters", () => {
  const entry = fakeEntry({ username: `a"&'b`, expiresAt: 0 });
  const text = [
    "{{ username | xml }}",
    "{{username|json}}",
    "{{username|url}}",
    "{{username|shell}}",
    "{{username|ini}}",
    "{{username|base64}}",
    "{{username|json|base64}}",
    "{{host|pgpass}}:{{port}}:{{dialPort}}",
    '{{"{{"}} }} {{expiresAt}}.',
  ].join("\n");
  const { newText } = template({ template: text }).render([entry], "");
  assert.deepEqual(newText.split("\n"), [
    "a&quot;&amp;&apos;b",
    '"a\\"&\'b"',
    "a%22%26'b",
    `'a"&'\\''b'`,
    `"a\\"&'b"`,
    btoa(`a"&'b`),
    btoa(`"a\\"&'b"`),
    `${entry.host}:5432:5432`,
    "{{ }} .",
  ]);
});

Deno.test("template repeats what stands between each and its end", () => {
  const writer = template({
    template: "[\n{{#each}}\n  {{name}}={{password}}\n{{/each}}\n]\n",
  });
  const { newText } = writer.render([fakeEntry(), STOCK], "");
  assert.equal(newText, `[\n  orders=${TOKEN}\n  stock=t2\n]\n`);
});

Deno.test("template refuses a placeholder for one target where there are two", () => {
  const writer = template({ template: "x\n{{password}}" });
  assertRefuses(() => writer.render([fakeEntry(), STOCK], ""), {
    message: "Line 2 of the template is for one target, and there are 2",
    hint: "Put {{#each}} and {{/each}} around what is repeated",
  });
});

Deno.test("template wants a template", () => {
  assertRefuses(() => template().render([fakeEntry()], ""), {
    message: 'Writer "template" has no template',
    hint: "Name its file with the option template=@FILE",
  });
});

Deno.test("template takes no name of a file for a template", () => {
  assert.throws(
    () => template({ template: "app.xml.tmpl" }),
    new WriterOptionError(
      'Option "template" has no placeholder',
      "Name a file as @FILE",
    ),
  );
});

Deno.test("template writes over what it made, and over nothing else", () => {
  const writer = template({ template: "user={{username}}\npw={{password}}\n" });
  const old = writer.render([fakeEntry()], "").newText;
  assert.ok(writer.render([STOCK], old).newText.endsWith("pw=t2\n"));
  assert.equal(writer.remove(undefined, old).newText, "");
  for (const foreign of ["user=a\n", `# mine\n${old}`, `${old}# mine\n`, "x"]) {
    for (
      const call of [
        () => writer.render([STOCK], foreign),
        () => writer.remove(undefined, foreign),
      ]
    ) {
      assert.throws(
        call,
        new UnreadableText(
          1,
          "it is not what the template makes: name another file, or delete this one when the template has changed",
        ),
      );
    }
  }
});

Deno.test("template of placeholders alone writes over nothing that has no token", () => {
  const writer = template({ template: "{{password}}\n" });
  assert.throws(() => writer.render([STOCK], "hunter2\n"), UnreadableText);
  assert.equal(writer.render([STOCK], `${TOKEN}\n`).newText, "t2\n");
});

Deno.test("template knows its own text again, whatever the values", () => {
  const word = fc.string({ minLength: 1 });
  const literal = fc.string().filter((text) => !text.includes("{"));
  fc.assert(fc.property(
    fc.array(fc.tuple(literal, fc.constantFrom("username", "name")), {
      minLength: 1,
    }),
    literal,
    word,
    word,
    (pieces, end, username, name) => {
      const text = pieces.map(([a, b]) => `${a}{{${b}}}`).join("") + `x${end}`;
      const writer = template({ template: text });
      const { newText } = writer.render([fakeEntry({ username, name })], "");
      assert.doesNotThrow(() => writer.render([STOCK], newText));
    },
  ));
});
