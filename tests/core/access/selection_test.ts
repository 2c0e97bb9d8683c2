import assert from "node:assert/strict";
import fc from "fast-check";
import {
  matcher,
  parseNamePattern,
  parseSelection,
} from "../../../core/access/selection.ts";

function matches(text: string, name: string): boolean {
  return matcher(parseNamePattern(text))(name);
}

Deno.test("parseNamePattern() matches names and patterns, capitals and all", () => {
  assert.ok(matches("orders", "orders"));
  assert.ok(!matches("orders", "Orders"));
  assert.ok(matches("audit_*", "audit_log"));
  assert.ok(matches("*", "any\nthing"));
  assert.ok(matches("a?c", "a🦕c"));
  assert.ok(!matches("a?c", "ac"));
  assert.ok(!matches("a.c*", "abc"));
  assert.ok(matches("(x|y)*", "(x|y)z"));
});

Deno.test("parseNamePattern() takes what is in quotes as it is", () => {
  assert.ok(matches('"a*"', "a*"));
  assert.ok(!matches('"a*"', "ab"));
  assert.ok(matches('"say ""hi"""', 'say "hi"'));
});

Deno.test("matcher() never throws and matches a quoted name to itself", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (pattern, name) => {
      matches(`${pattern}*`, name);
      assert.ok(matches(`"${pattern.replaceAll('"', '""')}"`, pattern));
    }),
  );
});

Deno.test("parseSelection() takes nothing and a lone star for all", () => {
  assert.equal(parseSelection([]), "all");
  assert.equal(parseSelection(["a", "*"]), "all");
  assert.deepEqual(parseSelection(["a", "b*"]), [
    { kind: "name", name: "a" },
    { kind: "pattern", pattern: "b*" },
  ]);
});
