import assert from "node:assert/strict";
import fc from "fast-check";
import {
  displayName,
  nameProblem,
  quoteIdentifier,
  quoteLiteral,
  quoteQualified,
} from "../../../core/access/identifier.ts";
import { anyName, NASTY } from "./arbitraries.ts";
import { tokens } from "./sql_lexer.ts";
import { anyCharacter } from "../../any_character.ts";

Deno.test("quoteIdentifier() is read back as exactly the name", () => {
  fc.assert(
    fc.property(anyName, (name) => {
      assert.deepEqual(tokens(quoteIdentifier(name)), [
        { kind: "name", text: name },
      ]);
    }),
    { examples: NASTY.map((name) => [name]) },
  );
});

Deno.test("quoteIdentifier() doubles quotes and keeps all else", () => {
  assert.equal(
    quoteIdentifier('x"; DROP TABLE y; --'),
    '"x""; DROP TABLE y; --"',
  );
  assert.equal(
    quoteIdentifier("Jane.Doe@example.com"),
    '"Jane.Doe@example.com"',
  );
});

Deno.test("quoteIdentifier() refuses what PostgreSQL would change or cannot hold", () => {
  const refused: readonly [string, string][] = [
    ["", 'Name "" cannot be used: it is empty'],
    ["a\0b", 'Name "a\\u0000b" cannot be used: it holds a NUL character'],
    [
      "\ud800",
      'Name "\\ud800" cannot be used: it is not well-formed Unicode',
    ],
    [
      "a".repeat(64),
      `Name "${
        "a".repeat(64)
      }" cannot be used: it has 64 bytes, and PostgreSQL cuts names after 63`,
    ],
  ];
  for (const [name, message] of refused) {
    assert.throws(() => quoteIdentifier(name), {
      name: "RdsiamError",
      kind: "usage",
      message,
    });
  }
});

Deno.test("nameProblem() counts bytes, not characters", () => {
  assert.equal(nameProblem("a".repeat(63)), undefined);
  assert.equal(nameProblem("é".repeat(31)), undefined);
  assert.equal(
    nameProblem("é".repeat(32)),
    "it has 64 bytes, and PostgreSQL cuts names after 63",
  );
});

Deno.test("quoteQualified() joins two identifiers", () => {
  assert.equal(quoteQualified("a.b", 'c"d'), '"a.b"."c""d"');
});

Deno.test("quoteLiteral() is read back as exactly the text", () => {
  const text = fc.string({ unit: anyCharacter }).filter((each) =>
    !each.includes("\0") && each.isWellFormed()
  );
  fc.assert(
    fc.property(text, (each) => {
      assert.deepEqual(tokens(quoteLiteral(each)), [
        { kind: "string", text: each },
      ]);
    }),
    { examples: NASTY.map((name) => [name]) },
  );
  assert.throws(() => quoteLiteral("\0"), { kind: "usage" });
});

Deno.test("displayName() stays on one line and shows what hides", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (name) => {
      assert.doesNotMatch(displayName(name), /[\p{Cc}\u202e\u2028]/u);
    }),
  );
  assert.equal(displayName("a\u202eb"), '"a\\u202eb"');
});
