import assert from "node:assert/strict";
import fc from "fast-check";
import {
  escapePassfileField,
  formatPassfileLine,
  readPassfileLine,
  splitPassfileLine,
} from "../../../core/passfile/line.ts";
import { Secret } from "../../../core/secret.ts";
import { tokenVector } from "../../testdata/token_vectors.ts";

Deno.test("splitPassfileLine() cuts at colons without a backslash, four times", () => {
  assert.deepEqual(splitPassfileLine("a\\:b:1:*::c:d\\"), {
    names: ["a\\:b", "1", "*", ""],
    rest: "c:d\\",
  });
  assert.deepEqual(splitPassfileLine("a\\\\:1:*:u:"), {
    names: ["a\\\\", "1", "*", "u"],
    rest: "",
  });
  assert.equal(splitPassfileLine("a:1:*:u\\:p"), undefined);
});

Deno.test("readPassfileLine() takes * alone for any, and reads what is escaped", () => {
  assert.deepEqual(readPassfileLine("*:*:\\*:**:a\\:b\\\\c:rest\r"), {
    host: undefined,
    port: undefined,
    database: "*",
    username: "**",
    password: "a:b\\c",
  });
});

Deno.test("readPassfileLine() skips what libpq skips", () => {
  for (const line of ["", "#a:1:*:u:p", "a:1:*:u", "\r"]) {
    assert.equal(readPassfileLine(line), undefined);
  }
});

Deno.test("readPassfileLine() reads a line of a million escapes", () => {
  const read = readPassfileLine(`a:1:*:u:${"\\:".repeat(1_000_000)}`);
  assert.equal(read?.password.length, 1_000_000);
});

const ENTRY = {
  host: "orders.abc.eu-west-1.rds.amazonaws.com",
  port: 5432,
  database: "*",
  username: "app",
  password: new Secret("secret"),
};

/** Reads a line as libpq's passwordFromFile() does; a field that is `*` as it stands is a wildcard. */
function readLine(line: string) {
  const fields = [""];
  const raw = [""];
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === ":") {
      fields.push("");
      raw.push("");
      continue;
    }
    const isEscape = character === "\\" && index + 1 < line.length;
    if (isEscape) index++;
    fields.push(fields.pop() + line.charAt(index));
    raw.push(raw.pop() + (isEscape ? "\\" : "") + line.charAt(index));
  }
  return { fields, wildcards: raw.map((text) => text === "*") };
}

Deno.test("formatPassfileLine() writes five fields", () => {
  assert.equal(
    formatPassfileLine(ENTRY),
    "orders.abc.eu-west-1.rds.amazonaws.com:5432:*:app:secret",
  );
});

Deno.test("formatPassfileLine() escapes the colons of a token", () => {
  const token = tokenVector("email+st").js;
  const line = formatPassfileLine({ ...ENTRY, password: new Secret(token) });
  assert.equal(
    line,
    `orders.abc.eu-west-1.rds.amazonaws.com:5432:*:app:${
      token.replace(":", "\\:")
    }`,
  );
});

Deno.test("escapePassfileField() puts a backslash before colons and backslashes", () => {
  assert.equal(escapePassfileField("a:b\\c::1"), "a\\:b\\\\c\\:\\:1");
  assert.equal(escapePassfileField(""), "");
});

Deno.test("escapePassfileField() refuses what no line can hold, repeating nothing", () => {
  for (const character of ["\n", "\r", "\0"]) {
    assert.throws(
      () => escapePassfileField(`hunter2${character}`),
      new RangeError(
        "A field of a passfile cannot hold a line break or NUL",
      ),
    );
  }
});

Deno.test("formatPassfileLine() writes what libpq reads back", () => {
  const field = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(fc.constantFrom(":", "\\", "*", "#", "a")).map((c) => c.join("")),
  ).filter((text) => !/[\r\n\0]/.test(text));
  fc.assert(fc.property(
    field,
    field,
    field,
    field,
    (host, database, username, password) => {
      const line = formatPassfileLine({
        host,
        port: 1,
        database,
        username,
        password: new Secret(password),
      });
      const { fields, wildcards } = readLine(line);
      assert.deepEqual(fields, [host, "1", database, username, password]);
      assert.equal(wildcards[2], database === "*");
    },
  ));
});
