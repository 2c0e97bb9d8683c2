import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatOptionGroups,
  MAX_OPTION_PASSWORD_BYTES,
  quoteOptionValue,
} from "../../../core/engine/mysql_option_file.ts";
import { Secret } from "../../../core/secret.ts";
import { fakeTarget } from "../../fakes.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const TARGET = fakeTarget({
  engine: "mysql",
  host: "shop.abc.eu-west-1.rds.amazonaws.com",
  port: 3306,
  sslrootcert: "/ca.pem",
});
const GROUPS = {
  flavor: "both",
  suffix: "",
  password: new Secret("t"),
} as const;

Deno.test("formatOptionGroups() pins TLS for the clients of MySQL and of MariaDB", () => {
  assert.deepEqual(formatOptionGroups(TARGET, GROUPS), [
    "[client]",
    'host="shop.abc.eu-west-1.rds.amazonaws.com"',
    "port=3306",
    "protocol=TCP",
    'user="app"',
    'password="t"',
    'ssl-ca="/ca.pem"',
    "loose-enable-cleartext-plugin",
    "loose-ssl-mode=VERIFY_IDENTITY",
    "[client-mariadb]",
    "ssl-verify-server-cert",
    "[mysql]",
    'database="orders"',
  ]);
});

Deno.test("formatOptionGroups() writes what one flavour reads without a warning", () => {
  const target = { ...TARGET, database: "" };
  const mysql = formatOptionGroups(target, { ...GROUPS, flavor: "mysql" });
  assert.deepEqual(mysql.slice(6), [
    'ssl-ca="/ca.pem"',
    "enable-cleartext-plugin",
    "ssl-mode=VERIFY_IDENTITY",
  ]);
  const mariadb = formatOptionGroups(target, { ...GROUPS, flavor: "mariadb" });
  assert.deepEqual(mariadb.slice(6), [
    'ssl-ca="/ca.pem"',
    "[client-mariadb]",
    "ssl-verify-server-cert",
  ]);
});

Deno.test("formatOptionGroups() has MariaDB's clients verify even with sslmode require", () => {
  const lines = formatOptionGroups(
    { ...TARGET, sslmode: "require", database: "" },
    { ...GROUPS, suffix: "_shop" },
  );
  assert.deepEqual(lines.slice(6), [
    "loose-enable-cleartext-plugin",
    "loose-ssl-mode=REQUIRED",
    "[client-mariadb_shop]",
    'ssl-ca="/ca.pem"',
    "ssl-verify-server-cert",
  ]);
});

Deno.test("formatOptionGroups() takes a token up to the length that MariaDB reads", () => {
  const longest = "x".repeat(MAX_OPTION_PASSWORD_BYTES);
  const lines = formatOptionGroups(TARGET, {
    ...GROUPS,
    password: new Secret(longest),
  });
  assert.ok(lines.includes(`password="${longest}"`));
  const password = new Secret(`${longest}x`);
  assertRefuses(() => formatOptionGroups(TARGET, { ...GROUPS, password }), {
    message:
      "Token is too long for an option file: 4084 bytes, where MariaDB's clients read 4083 and print the rest",
    hint: "Use rdsiam exec --via password, or a session with fewer tags",
  });
});

Deno.test("formatOptionGroups() refuses what a client could not verify", () => {
  const connect = { host: "127.0.0.1", port: 13306 };
  assertRefuses(() => formatOptionGroups({ ...TARGET, connect }, GROUPS), {
    message:
      "A MySQL client that dials 127.0.0.1 cannot verify shop.abc.eu-west-1.rds.amazonaws.com: it looks for the name that it dials",
    hint:
      "Connect it to rdsiam proxy, as rdsiam exec does by itself, or let the hosts file lead shop.abc.eu-west-1.rds.amazonaws.com to 127.0.0.1 and leave --connect out",
  });
  assertRefuses(
    () => formatOptionGroups({ ...TARGET, sslrootcert: "system" }, GROUPS),
    {
      message:
        "MySQL's clients cannot use the system's roots: they read a file",
      hint:
        "Name it with --sslrootcert, such as /etc/ssl/certs/ca-certificates.crt",
    },
  );
});

Deno.test("formatOptionGroups() dials connect where the name is not verified", () => {
  const connect = { host: "127.0.0.1", port: 13306 };
  const lines = formatOptionGroups(
    { ...TARGET, connect, sslmode: "verify-ca" },
    GROUPS,
  );
  assert.deepEqual(lines.slice(1, 3), ['host="127.0.0.1"', "port=13306"]);
});

/** Reads a quoted value as mysys/my_default.c does. */
function readValue(quoted: string): string {
  const escapes: Record<string, string> = {
    n: "\n",
    t: "\t",
    r: "\r",
    b: "\b",
    s: " ",
  };
  return quoted.slice(1, -1).replace(
    /\\(.)/gsu,
    (whole, letter: string) =>
      /["'\\]/.test(letter) ? letter : escapes[letter] ?? whole,
  );
}

Deno.test("quoteOptionValue() writes what MySQL reads back, without a comment", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(fc.constantFrom("\\", '"', "'", "#", "s", " ")).map((c) =>
      c.join("")
    ),
  ).filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(fc.property(text, (text) => {
    const quoted = quoteOptionValue(text);
    assert.equal(readValue(quoted), text);
    // The quotes end nowhere before the end, so that no # starts a comment.
    assert.match(quoted, /^"(?:[^"\\]|\\.)*"$/su);
  }));
});

Deno.test("quoteOptionValue() refuses control characters, repeating nothing", () => {
  for (const character of ["\n", "\r", "\0", "\u001b"]) {
    assert.throws(
      () => quoteOptionValue(`hunter2${character}`),
      new RangeError(
        "Cannot write an option: its value holds a control character",
      ),
    );
  }
});
