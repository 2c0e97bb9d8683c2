import assert from "node:assert/strict";
import { WriterOptionError } from "../../plugins/contract/writer_options.ts";
import { findPassword } from "../../core/passfile/lookup.ts";
import { Secret } from "../../core/secret.ts";
import { UnreadableText, type WriterEntry } from "../../core/writer/writer.ts";
import pgpass from "../../plugins/pgpass.ts";
import { START } from "../fakes.ts";
import { entry } from "./entries.ts";

const RDS = "abc.eu-west-1.rds.amazonaws.com";

/** The text and the notices that come of these entries. */
function render(
  entries: readonly WriterEntry[],
  oldText = "",
  options: Parameters<typeof pgpass>[0] = {},
) {
  const { newText, ...rest } = pgpass(options).render(entries, oldText);
  return { text: newText, ...rest };
}

/** The lines of a text, with the name of the target for each of its markers. */
function outline(text: string): string[] {
  return text.trimEnd().split("\n").map((line) =>
    line.replace(/^# rdsiam:(\S+) .*/, "<$1>")
  );
}

Deno.test("pgpass tells who reads its file, when, and where it is", () => {
  const { name, describe, defaultPath } = pgpass();
  assert.equal(name, "pgpass");
  assert.equal(describe.rereads, "connection");
  assert.equal(describe.holdsSecrets, true);
  assert.equal(defaultPath({ HOME: "/home/me" }, "linux"), "/home/me/.pgpass");
});

Deno.test("pgpass writes a marker and a line for any database", () => {
  const { text, notices } = render([entry("orders")]);
  assert.equal(
    text,
    "# rdsiam:orders expires=2026-01-15T12:49:56Z check=5b430758\n" +
      `orders.${RDS}:5432:*:app:orders\\:1\n`,
  );
  assert.deepEqual(notices, []);
});

Deno.test("pgpass writes a line for the target's own database when that is wanted", () => {
  const { text } = render([entry("orders")], "", { database: "own" });
  assert.deepEqual(outline(text), [
    "<orders>",
    `orders.${RDS}:5432:orders:app:orders\\:1`,
  ]);
});

Deno.test("pgpass refuses options that it does not know", () => {
  assert.throws(
    () => pgpass({ databse: "own" }),
    new WriterOptionError(
      'Option "databse" is not known',
      'Did you mean "database"?',
    ),
  );
  assert.throws(() => pgpass({ database: "every" }), RangeError);
});

Deno.test("pgpass writes every name of a target behind a tunnel", () => {
  const connect = { host: "127.0.0.1", port: 15432 };
  assert.deepEqual(
    outline(render([entry("a", { connect })]).text)
      .filter((line) => line !== "<a>"),
    [
      `a.${RDS}:5432:*:app:a\\:1`,
      `a.${RDS}:15432:*:app:a\\:1`,
      "127.0.0.1:15432:*:app:a\\:1",
      "localhost:15432:*:app:a\\:1",
    ],
  );
});

Deno.test("pgpass renews a line in its place, and leaves what is around it", () => {
  const before = "# mine\r\nx:1:y:z:p\r\n";
  const after = "\r\n\r\n# the end";
  const first = render([entry("a")], before).text.trimEnd() + after;
  const { text, notices } = render(
    [entry("a", { password: new Secret("new"), expiresAt: START })],
    first,
  );
  assert.ok(text.startsWith(before) && text.endsWith(after));
  assert.match(text, /^# rdsiam:a expires=2026-01-15T12:34:56Z check=\w+\r$/m);
  assert.match(text, /:\*:app:new\r$/m);
  assert.ok(!text.includes("a\\:1"));
  assert.deepEqual(notices, []);
});

Deno.test("pgpass puts a target's new line where its old one was", () => {
  const { text } = render([entry("a"), entry("b")]);
  assert.deepEqual(outline(render([entry("a", { host: "c" })], text).text), [
    "<a>",
    "c:5432:*:app:a\\:1",
    "<b>",
    `b.${RDS}:5432:*:app:b\\:1`,
  ]);
});

for (
  const shadow of [
    "*:*:*:*:theirs",
    `a.${RDS}:5432:*:app:theirs`,
    `a.${RDS}:5432:a:app:theirs`,
    `a.${RDS}:5432:postgres:app:theirs`,
    `*:5432:*:\\app:theirs:rest`,
    `a.${RDS}:*:a:*:`,
  ]
) {
  Deno.test(`pgpass puts a line above ${shadow}, and says so once`, () => {
    const old = `other:1:*:*:theirs\n\n# of the line below\n${shadow}\n`;
    const { text, notices } = render([entry("a")], old);
    assert.deepEqual(outline(text), [
      "other:1:*:*:theirs",
      "",
      "<a>",
      `a.${RDS}:5432:*:app:a\\:1`,
      "# of the line below",
      shadow,
    ]);
    assert.deepEqual(notices, ["Line 4 would be read first: a put above it"]);
    assert.deepEqual(render([entry("a")], text), { text, notices: [] });
  });
}

for (
  const line of [
    `*:5433:*:*:theirs`,
    `A.${RDS}:5432:*:app:theirs`,
    `\\*:*:*:*:theirs`,
    `#*:*:*:*:theirs`,
    `*:*:*:theirs`,
    `a.${RDS}:5432:*:application:theirs`,
  ]
) {
  Deno.test(`pgpass puts a line below ${line}`, () => {
    const { text, notices } = render([entry("a")], `x:1:*:*:x\n${line}\n`);
    assert.equal(outline(text).indexOf("<a>"), 2);
    assert.ok(!notices?.some((notice) => notice.includes("first")));
  });
}

Deno.test("pgpass for the own database goes below the line of another", () => {
  const line = `a.${RDS}:5432:postgres:app:theirs\n`;
  const { text, notices } = render([entry("a")], line, { database: "own" });
  assert.ok(text.startsWith(line));
  assert.deepEqual(notices, []);
});

Deno.test("pgpass moves its line up when a broader one came above it", () => {
  const old = "*:*:*:*:theirs\n" + render([entry("a"), entry("b")]).text;
  const { text, notices } = render([entry("a"), entry("b")], old);
  assert.equal(outline(text).at(-1), "*:*:*:*:theirs");
  assert.deepEqual(notices, ["Line 1 would be read first: a, b put above it"]);
});

Deno.test("pgpass counts the entries that a notice does not name", () => {
  const entries = ["a", "b", "c", "d", "e"].map((name) => entry(name));
  assert.deepEqual(render(entries, "*:*:*:*:theirs").notices, [
    "Line 1 would be read first: a, b, c and 2 more put above it",
  ]);
});

Deno.test("pgpass leaves an edited line to who edited it, and puts its own above", () => {
  const edited = render([entry("a")]).text.replace("a\\:1", "a\\:2");
  const { text, notices } = render([entry("a")], edited);
  assert.deepEqual(outline(text), [
    "<a>",
    `a.${RDS}:5432:*:app:a\\:1`,
    `a.${RDS}:5432:*:app:a\\:2`,
  ]);
  assert.deepEqual(notices, ["Line 2 would be read first: a put above it"]);
});

Deno.test("pgpass keeps one line for targets that log in alike", () => {
  const writer = pgpass();
  const a = entry("a", { host: "db" });
  const b = entry("b", { host: "db", expiresAt: START + 999_000 });
  const both = render([a, b]).text;
  assert.deepEqual(outline(both), ["<a,b>", "db:5432:*:app:b\\:1"]);
  assert.deepEqual(writer.list?.(both), [
    { name: "a", expiresAt: START + 999_000 },
    { name: "b", expiresAt: START + 999_000 },
  ]);
  const { text, notices } = render([a], both);
  assert.deepEqual(outline(text), ["<a,b>", "db:5432:*:app:a\\:1"]);
  assert.deepEqual(notices, []);
  assert.deepEqual(outline(writer.remove(["a"], both).newText), [
    "<b>",
    "db:5432:*:app:b\\:1",
  ]);
  assert.equal(writer.remove(["b", "a"], both).newText, "");
  const moved = render([entry("a", { host: "new" })], both).text;
  assert.deepEqual(outline(moved), [
    "<b>",
    "db:5432:*:app:b\\:1",
    "<a>",
    "new:5432:*:app:a\\:1",
  ]);
});

Deno.test("pgpass removes the targets that are named and leaves the others", () => {
  const { text } = render([entry("a"), entry("b")], "x:1:y:z:p");
  const { newText } = pgpass().remove(["b", "none"], text);
  assert.equal(newText, render([entry("a")], "x:1:y:z:p").text);
});

Deno.test("pgpass lists each target once, with the earliest expiry of its lines", () => {
  const connect = { host: "tunnel", port: 5432 };
  const { text } = render([entry("a b", { connect })]);
  const later = render([
    entry("c", { host: "tunnel", expiresAt: START + 990_000 }),
  ], text).text;
  assert.deepEqual(pgpass().list?.(later), [
    { name: "a b", expiresAt: START + 900_000 },
    { name: "c", expiresAt: START + 990_000 },
  ]);
  assert.deepEqual(pgpass().list?.("{}"), []);
});

Deno.test("pgpass tells of malformed lines when an entry is new, once", () => {
  const old = "x:1:*:*:p\n  # indented\nlocalhost\nx:port:*:*:p\n";
  const { text, notices } = render([entry("a")], old);
  assert.deepEqual(notices, [
    "Lines 3, 4 are not host:port:database:username:password: psql skips that, JDBC, Npgsql or asyncpg may fail at it",
  ]);
  assert.deepEqual(render([entry("a")], text), { text, notices: [] });
});

for (
  const [what, text, line] of [
    ["JSON", '{\n  "a": [1, 2, 3]\n}\n', 1],
    ["an INI file", "# pg_service.conf\n\n[orders]\nhost=db\n", 3],
    ["JSON of one line", '{"a":1,"b":2,"c":3,"d":4}', 1],
    ["a script", "#!/bin/sh\nexport PGPASSFILE=x\n", 2],
    ["binary", "x:1:*:*:p\nab\0c\n", 2],
  ] as const
) {
  Deno.test(`pgpass refuses ${what} by the number of its line`, () => {
    for (
      const change of [
        () => render([entry("a")], text),
        () => pgpass().remove(undefined, text),
      ]
    ) {
      assert.throws(change, (error) => {
        assert.ok(error instanceof UnreadableText);
        assert.equal(error.line, line);
        return true;
      });
    }
  });
}

Deno.test("pgpass leaves out what is no PostgreSQL, with a notice", () => {
  const mysql = entry("shop", { engine: "mysql", port: 3306 });
  const { text, notices, leftOut } = render([mysql, entry("a")]);
  assert.equal(text, render([entry("a")]).text);
  assert.deepEqual(leftOut, ["shop"]);
  assert.deepEqual(notices, ["No PostgreSQL, and so not in a passfile: shop"]);
});

Deno.test("pgpass refuses to write nothing but what is no PostgreSQL", () => {
  assert.throws(
    () => render([entry("shop", { engine: "mariadb" })]),
    new Error("No PostgreSQL, and so not in a passfile: shop"),
  );
});

for (
  const [field, changes] of [
    ["a line break in the user", { username: "a\nb" }],
    ["a line break in the password", { password: new Secret("hunter2\r") }],
    ["no password", { password: new Secret("") }],
  ] as const
) {
  Deno.test(`pgpass refuses ${field}, by the target's name and with no secret`, () => {
    assert.throws(() => render([entry("orders", changes)]), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^Cannot write "orders": /);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  });
}

Deno.test("pgpass writes names that would mean something else as they are", () => {
  const { text } = render([entry("a", { host: "#db", username: "*" })]);
  assert.deepEqual(outline(text), ["<a>", "\\#db:5432:*:\\*:a\\:1"]);
});

Deno.test("pgpass puts 10,000 targets into a file of 20,000 lines", () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, index) =>
      index % 20 === 19
        ? `t${index}.${RDS}:*:*:*:theirs`
        : index % 7
        ? `host${index}:5432:*:me:theirs`
        : `# ${index}`,
  );
  const entries = Array.from(
    { length: 10_000 },
    (_, index) => entry(`t${index}`),
  );
  const { text, notices } = render(entries, lines.join("\n"));
  assert.equal(notices?.length, 500);
  assert.equal(text.split("\n").length, 40_000);
  for (const index of [0, 19, 4999, 9999]) {
    const { host, port, username, database } = entry(`t${index}`);
    const found = findPassword(text, { host, port, username, database });
    assert.equal(found?.reveal(), `t${index}:1`);
  }
  assert.deepEqual(render(entries, text), { text, notices: [] });
  assert.equal(
    pgpass().remove(undefined, text).newText,
    lines.join("\n"),
  );
});
