import assert from "node:assert/strict";
import { WriterOptionError } from "../../plugins/contract/writer_options.ts";
import { Secret } from "../../core/secret.ts";
import { UnreadableText } from "../../core/writer/writer.ts";
import pgbouncer from "../../plugins/pgbouncer.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { fakeEntry, fakeMysqlEntry } from "./entries.ts";

const SHORT = fakeEntry({ password: new Secret('t"1') });
const HINT =
  "A userlist knows one password of each user: use one file and one PgBouncer for each";

function withToken(length: number) {
  return fakeEntry({ password: new Secret("x".repeat(length)) });
}

Deno.test("pgbouncer writes a line for each user and keeps the others", () => {
  const old = '; mine\n"admin" "md5abc"\n';
  const { newText, notices } = pgbouncer().render([SHORT], old);
  assert.equal(
    newText,
    `${old}; rdsiam begin orders (do not edit, token until 2026-01-15T12:49:56.000Z)
"app" "t""1"
; rdsiam end orders
`,
  );
  assert.deepEqual(notices, []);
  assert.equal(pgbouncer().remove(["orders"], newText).newText, old);
});

Deno.test("pgbouncer refuses a second password of a user", () => {
  const stock = fakeEntry({ name: "stock", password: new Secret("t2") });
  assertRefuses(() => pgbouncer().render([SHORT, stock], ""), {
    message:
      'User "app" cannot have two passwords: that of target "orders" and that of target "stock"',
    hint: HINT,
  });
  assertRefuses(() => pgbouncer().render([SHORT], '\n"app" "x"\n'), {
    message:
      'User "app" cannot have two passwords: that of line 2 and that of target "orders"',
    hint: HINT,
  });
});

Deno.test("pgbouncer refuses a file that PgBouncer would not read to its end", () => {
  assert.throws(
    () => pgbouncer().render([SHORT], '"a" "b"\nc d\n'),
    new UnreadableText(
      2,
      'it is not "user" "password", and PgBouncer would read no further',
    ),
  );
});

for (
  const [version, limit] of [
    ["", 2047],
    ["1.16.1", 996],
    ["1.9", 996],
    ["1.18.0", 2047],
    ["1.25", 2047],
    ["1.26", 65_531],
  ] as const
) {
  Deno.test(`pgbouncer takes a token of ${limit} bytes with version "${version}", and no longer one`, () => {
    const writer = pgbouncer({ version });
    assert.ok(writer.render([withToken(limit)], "").newText.length > limit);
    assertRefuses(() => writer.render([withToken(limit + 1)], ""), {
      message: `Token of "orders" is too long for PgBouncer ${
        version || "before 1.26"
      }: ${limit + 1} bytes, where it reads ${limit} and none of what follows`,
      hint: version === ""
        ? "Say which version it is with the option version, such as version=1.26"
        : "Use PgBouncer 1.26, or a session with fewer tags",
    });
  });
}

Deno.test("pgbouncer warns of the versions that long tokens may crash", () => {
  const notices = [
    "PgBouncer before 1.25 may crash of tokens longer than 1023 bytes: name a newer one with the option version",
  ];
  const said = (version: string, length: number) =>
    pgbouncer({ version }).render([withToken(length)], "").notices;
  assert.deepEqual(said("", 1024), notices);
  assert.deepEqual(said("1.24.1", 1024), notices);
  assert.deepEqual(said("1.25.0", 1024), []);
  assert.deepEqual(said("", 1023), []);
});

Deno.test("pgbouncer refuses a MySQL database and a version that is none", () => {
  assertRefuses(() => pgbouncer().render([fakeMysqlEntry()], ""), {
    message:
      'Writer "pgbouncer" cannot write "shop": it is not a PostgreSQL database',
  });
  assert.throws(
    () => pgbouncer({ version: "latest" }),
    new WriterOptionError('Option "version" must be one such as 1.26'),
  );
});
