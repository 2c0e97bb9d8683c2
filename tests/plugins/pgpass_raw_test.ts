import assert from "node:assert/strict";
import { Secret } from "../../core/secret.ts";
import pgpassRaw from "../../plugins/pgpass_raw.ts";
import { entry } from "./entries.ts";

const writer = pgpassRaw();

Deno.test("pgpass-raw has no place of its own: other readers would fail at its file", () => {
  assert.equal(writer.name, "pgpass-raw");
  assert.equal(writer.defaultPath({ HOME: "/home/me" }, "linux"), undefined);
});

Deno.test("pgpass-raw writes tokens as they are", () => {
  const token = "db:5432/?Action=connect&X-Amz-Credential=a%2Fb";
  const orders = entry("orders", { host: "db", password: new Secret(token) });
  const { newText } = writer.render([orders], "");
  assert.match(
    newText,
    /^# rdsiam:orders expires=\S+ check=\w+\ndb:5432:\*:app:(.*)\n$/,
  );
  assert.ok(newText.endsWith(`:app:${token}\n`));
  assert.deepEqual(writer.render([orders], newText), { newText, notices: [] });
  assert.equal(writer.remove(["orders"], newText).newText, "");
});

for (
  const [what, changes, message] of [
    ["a user with a colon", { username: "a:b" }, 'user name "a:b"'],
    ["a user that ends in a backslash", { username: "a\\" }, 'user name "a\\"'],
    ["an address of colons", { host: "::1" }, 'host "::1"'],
    ["a user that is *", { username: "*" }, 'user name "*"'],
    [
      "a password that ends in a space",
      { password: new Secret("x ") },
      "password",
    ],
  ] as const
) {
  Deno.test(`pgpass-raw refuses ${what}, which asyncpg would read otherwise`, () => {
    assert.throws(
      () => writer.render([entry("orders", changes)], ""),
      new Error(`Cannot write "orders": its ${message} cannot be read back`),
    );
  });
}

Deno.test("pgpass-raw refuses a line break", () => {
  const broken = entry("orders", { username: "a\nb" });
  assert.throws(
    () => writer.render([broken], ""),
    /^Error: Cannot write "orders": A field of a passfile cannot hold/,
  );
});

Deno.test("pgpass-raw goes above a line that asyncpg would read first, indented or not", () => {
  const { newText, notices } = writer.render(
    [entry("a")],
    "x:1:*:*:p\n *:*:*:app:p\n",
  );
  assert.equal(newText.split("\n").at(-2), " *:*:*:app:p");
  assert.deepEqual(notices, ["Line 2 would be read first: a put above it"]);
});
