import assert from "node:assert/strict";
import fc from "fast-check";
import {
  exactPattern,
  matchesDatabase,
  nameOfPattern,
  specificity,
} from "../../../../core/access/mysql/pattern.ts";
import { anyCharacter } from "../../../any_character.ts";

const anyName = fc.oneof(
  fc.string({ unit: anyCharacter, minLength: 1 }),
  fc.string({ unit: fc.constantFrom("a", "X", "_", "%", "\\"), minLength: 1 }),
);

Deno.test("exactPattern() matches its database and no other", () => {
  fc.assert(
    fc.property(anyName, anyName, fc.boolean(), (name, other, isLiteral) => {
      const pattern = exactPattern(name, isLiteral);
      assert.ok(matchesDatabase(pattern, name, isLiteral));
      assert.equal(
        matchesDatabase(pattern, other, isLiteral),
        name === other,
      );
      assert.equal(nameOfPattern(pattern, isLiteral), name);
      assert.equal(specificity(pattern, isLiteral), Infinity);
    }),
  );
});

Deno.test("matchesDatabase() takes _ and % for any characters, as GRANT does", () => {
  for (
    const [pattern, database, expected] of [
      ["a_b", "a_b", true],
      ["a_b", "aXb", true],
      ["a\\_b", "aXb", false],
      ["sh%", "shop", true],
      ["sh%", "Shop", false],
      ["%", "", true],
      ["sh\\%", "shop", false],
    ] as const
  ) {
    assert.equal(matchesDatabase(pattern, database, false), expected, pattern);
  }
  assert.equal(matchesDatabase("a_b", "aXb", true), false);
});

Deno.test("specificity() puts the closest pattern first", () => {
  const patterns = ["%", "s%", "sh_p", "shop", "a\\_b"];
  const sorted = patterns.toSorted((one, other) =>
    specificity(one, false) - specificity(other, false) || 0
  );
  assert.deepEqual(sorted.slice(0, 3), ["%", "s%", "sh_p"]);
});
