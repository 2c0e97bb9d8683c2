import assert from "node:assert/strict";
import fc from "fast-check";
import { formatPassfileLine } from "../../../core/passfile/line.ts";
import { findPassword } from "../../../core/passfile/lookup.ts";
import { Secret } from "../../../core/secret.ts";
import { anyCharacter } from "../../any_character.ts";

const QUERY = { host: "db", port: 5432, database: "app", username: "me" };

const CASES: [name: string, text: string, password: string | undefined][] = [
  ["an exact line", "db:5432:app:me:secret", "secret"],
  ["wildcards", "*:*:*:*:secret", "secret"],
  ["the first line that matches", "db:*:*:me:one\n*:*:*:*:two", "one"],
  [
    "a later line when the first is another's",
    "db:5433:app:me:one\n*:*:*:*:two",
    "two",
  ],
  ["an escaped colon and backslash", "db:5432:app:me:a\\:b\\\\c", "a:b\\c"],
  ["the text before an unescaped colon", "db:5432:app:me:a:b", "a"],
  ["a backslash at the end", "db:5432:app:me:a\\", "a\\"],
  ["an escape that needs none", "d\\b:5432:app:me:a\\b", "ab"],
  ["a trailing space as part of the password", "db:5432:app:me:a ", "a "],
  ["a line that ends in CRLF", "db:5432:app:me:a\r\n", "a"],
  ["no comment", "#db:5432:app:me:a\ndb:5432:app:me:b", "b"],
  ["no line behind a space", " #x\n\n db:5432:app:me:a", undefined],
  ["no host in other capitals", "DB:5432:app:me:a", undefined],
  ["no wildcard within a name", "d*:5432:app:me:a", undefined],
  ["no escaped asterisk as a wildcard", "\\*:5432:app:me:a", undefined],
  ["no line of four fields", "db:5432:app:me", undefined],
  ["no empty password", "db:5432:app:me:\n*:*:*:*:two", undefined],
  ["nothing in an empty file", "", undefined],
];

for (const [name, text, password] of CASES) {
  Deno.test(`findPassword() finds ${name}`, () => {
    assert.equal(findPassword(text, QUERY)?.reveal(), password);
  });
}

Deno.test("findPassword() finds what formatPassfileLine() wrote, whatever it is", () => {
  const field = fc.string({ minLength: 1, unit: anyCharacter }).filter((text) =>
    !/[\r\n\0]/.test(text) && text !== "*"
  );
  fc.assert(
    fc.property(
      field,
      field,
      field,
      field,
      (host, database, username, password) => {
        const entry = {
          host,
          port: 5432,
          database,
          username,
          password: new Secret(password),
        };
        // What begins a line with # is a comment, here as in libpq.
        fc.pre(!host.startsWith("#"));
        const found = findPassword(formatPassfileLine(entry), entry);
        assert.equal(found?.reveal(), password);
      },
    ),
  );
});
