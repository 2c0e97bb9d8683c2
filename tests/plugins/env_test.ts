import assert from "node:assert/strict";
import { WriterOptionError } from "../../plugins/contract/writer_options.ts";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { Secret } from "../../core/secret.ts";
import env from "../../plugins/env.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { fakeEntry, fakeMysqlEntry, TOKEN } from "./entries.ts";

const ORDERS = fakeEntry();

/** Reads a file as docker's kvfile does: everything after the first `=` as it stands. */
function readDocker(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").map((line) => line.trimStart())
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
}

const VARIABLES = {
  PGHOST: ORDERS.host,
  PGPORT: "5432",
  PGUSER: "app",
  PGDATABASE: "orders",
  PGSSLMODE: "verify-full",
  PGGSSENCMODE: "disable",
  PGSSLROOTCERT: ORDERS.sslrootcert,
  PGPASSWORD: TOKEN,
};

Deno.test("env writes what dotenv and docker read alike", () => {
  const { newText, notices } = env().render([ORDERS], "");
  assert.deepEqual({ ...parseEnv(newText) }, VARIABLES);
  assert.deepEqual(readDocker(newText), VARIABLES);
  assert.deepEqual(notices, []);
});

Deno.test("env writes a MySQL database's variables, and a connection URL where one is wanted", () => {
  const { newText } = env({ url: "DATABASE_URL" }).render(
    [fakeMysqlEntry()],
    "",
  );
  const { DATABASE_URL, ...set } = parseEnv(newText);
  assert.deepEqual(set, {
    MYSQL_HOST: "shop.abc.eu-west-1.rds.amazonaws.com",
    MYSQL_TCP_PORT: "3306",
    MYSQL_USER: "app",
    LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: "1",
    MYSQL_PWD: TOKEN,
  });
  const url = new URL(DATABASE_URL ?? "");
  assert.equal(decodeURIComponent(url.password), TOKEN);
});

Deno.test("env gives each of several targets names of its own", () => {
  const stock = fakeEntry({ name: "stock-eu.1", password: new Secret("t2") });
  const writer = env({ prefix: "{name}_" });
  const { newText } = writer.render([ORDERS, stock], "");
  const set = parseEnv(newText);
  assert.equal(set.ORDERS_PGPASSWORD, TOKEN);
  assert.equal(set.STOCK_EU_1_PGPASSWORD, "t2");
  assert.deepEqual(writer.list?.(newText).map(({ name }) => name), [
    "orders",
    "stock-eu.1",
  ]);
});

Deno.test("env refuses two targets whose variables have the same names, also one by one", () => {
  const expected = {
    message: 'Variable PGHOST cannot be both that of "orders" and of "stock"',
    hint:
      "Give each target names of its own with the option prefix={name}_, or a file of its own",
  };
  const stock = fakeEntry({ name: "stock" });
  assertRefuses(() => env().render([ORDERS, stock], ""), expected);
  const { newText } = env().render([ORDERS], "");
  assertRefuses(() => env().render([stock], newText), expected);
});

Deno.test("env keeps the user's own lines and names those that set the same", () => {
  const old = "APP=1\n\nPGUSER=me # mine\nexport PGHOST=h";
  const { newText, notices } = env().render([ORDERS], old);
  assert.ok(newText.startsWith(`${old}\n`));
  assert.deepEqual(notices, [
    "Line 3 sets PGUSER too: the later one wins",
    "Line 4 sets PGHOST too: the later one wins",
  ]);
  assert.equal(env().remove(["orders"], newText).newText, old);
});

Deno.test("env quotes what a dotenv reader would cut, and says what docker makes of it", () => {
  const entry = fakeEntry({ username: "a #b", database: "it's" });
  const { newText, notices } = env().render([entry], "");
  const { PGUSER, PGDATABASE } = parseEnv(newText);
  assert.deepEqual([PGUSER, PGDATABASE], ["a #b", "it's"]);
  assert.deepEqual(notices, [
    "docker --env-file takes the quotes of PGUSER, PGDATABASE for a part of the value",
  ]);
});

Deno.test("env refuses a value that readers take differently, without showing it", () => {
  const entry = fakeEntry({ username: "it's $HOME" });
  assertRefuses(() => env().render([entry], ""), {
    message:
      "Variable PGUSER cannot be written: its value holds characters that readers of such files take differently",
    hint: "Use the writer json or template",
  });
});

Deno.test("env writes what node's parseEnv() reads back, or refuses", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1 }),
    fc.array(fc.constantFrom("'", '"', "$", "#", " ", "`", "\\", "a"), {
      minLength: 1,
    }).map((c) => c.join("")),
  ).filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));
  let written = 0;
  fc.assert(fc.property(name, (username) => {
    const entry = fakeEntry({ username });
    let text: string;
    try {
      text = env().render([entry], "").newText;
    } catch {
      return;
    }
    written++;
    assert.equal(parseEnv(text).PGUSER, username);
    assert.equal(parseEnv(text).PGPASSWORD, TOKEN);
  }));
  assert.ok(written > 10);
});

Deno.test("env refuses an address to dial that is a name", () => {
  const connect = { host: "localhost", port: 15432 };
  assertRefuses(() => env().render([fakeEntry({ connect })], ""), {
    message:
      'Address "localhost" to connect to is a name, where libpq wants an IP address',
    hint: "Give the IP address, such as 127.0.0.1",
  });
});

Deno.test("env refuses options that make no variable's name", () => {
  assert.throws(
    () => env({ url: "DATABASE URL" }),
    new WriterOptionError('Option "url" must be the name of a variable'),
  );
  assert.throws(
    () => env({ prefix: "1-" }),
    new WriterOptionError(
      'Option "prefix" must be the beginning of a variable\'s name',
    ),
  );
});
