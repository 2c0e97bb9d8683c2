import assert from "node:assert/strict";
import type { Launch } from "../../../core/engine/engine.ts";
import {
  mysqlClientFile,
  mysqlEnvironment,
} from "../../../core/engine/mysql_client.ts";
import { Secret } from "../../../core/secret.ts";
import { fakeTarget } from "../../fakes.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const TARGET = fakeTarget({
  engine: "mysql",
  port: 3306,
  sslrootcert: "/ca.pem",
});
const TOKEN = new Secret("t");

function launch(program: string, parts: Partial<Launch> = {}): Launch {
  return {
    command: [program, "-e", "SELECT 1"],
    via: "passfile",
    environment: { HOME: "/home/u" },
    ...parts,
  };
}

Deno.test("mysqlEnvironment() logs a client in by its environment", () => {
  assert.deepEqual(
    mysqlEnvironment(TARGET, { kind: "password", token: TOKEN }),
    {
      set: {
        MYSQL_HOST: TARGET.host,
        MYSQL_TCP_PORT: "3306",
        MYSQL_USER: "app",
        MYSQL_DATABASE: "orders",
        LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: "1",
        MYSQL_PWD: "t",
      },
      unset: [],
    },
  );
});

Deno.test("mysqlEnvironment() keeps a login file from beating the option file", () => {
  const { set } = mysqlEnvironment({ ...TARGET, database: "" }, {
    kind: "passfile",
    path: "/p/my.cnf",
  });
  assert.deepEqual(set, {
    MYSQL_HOST: TARGET.host,
    MYSQL_TCP_PORT: "3306",
    MYSQL_USER: "app",
    LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: "1",
    MYSQL_TEST_LOGIN_FILE: "/p/my.cnf.none",
  });
});

Deno.test("mysqlClientFile() is the first argument of every client program", () => {
  for (
    const program of [
      "mysql",
      "/usr/bin/mariadb-dump",
      "C:\\bin\\mysqldump.exe",
    ]
  ) {
    const file = mysqlClientFile(launch(program));
    assert.equal(file?.name, "my.cnf");
    assert.deepEqual(file?.command("/p/my.cnf"), [
      program,
      "--defaults-file=/p/my.cnf",
      "-e",
      "SELECT 1",
    ]);
  }
});

Deno.test("mysqlClientFile() lets the user's own files come first, so that the login wins", () => {
  const lines = mysqlClientFile(launch("mysql"))?.format(TARGET, TOKEN)
    .split("\n") ?? [];
  assert.deepEqual(lines.slice(0, 4), [
    "!include /etc/my.cnf",
    "!include /etc/mysql/my.cnf",
    "!include /home/u/.my.cnf",
    "[client]",
  ]);
  assert.ok(lines.includes('password="t"'));
  assert.ok(lines.includes("loose-ssl-mode=VERIFY_IDENTITY"));
  assert.equal(lines.at(-1), "");
});

Deno.test("mysqlClientFile() tells MariaDB's programs of no option of MySQL's", () => {
  const text = mysqlClientFile(launch("mariadb"))?.format(TARGET, TOKEN) ?? "";
  assert.equal(text.includes("loose-"), false);
  assert.ok(text.includes("\nssl-verify-server-cert\n"));
});

Deno.test("mysqlClientFile() verifies the server although the password is in the environment", () => {
  const text = mysqlClientFile(launch("mysql", { via: "password" }))
    ?.format(TARGET, TOKEN) ?? "";
  assert.ok(text.startsWith("[client]\n"));
  assert.ok(text.includes("ssl-verify-server-cert"));
  assert.equal(text.includes("password"), false);
});

Deno.test("mysqlClientFile() says what to do with a program that reads no such file", () => {
  assertRefuses(() => mysqlClientFile(launch("/usr/bin/php")), {
    message: '"php" is not known to read an option file of MySQL',
    hint: "Pass --via password: it gets the token in MYSQL_PWD",
  });
  assert.equal(
    mysqlClientFile(launch("/usr/bin/php", { via: "password" })),
    undefined,
  );
});

Deno.test("mysqlClientFile() says that the proxy is not for MySQL", () => {
  assertRefuses(() => mysqlClientFile(launch("mysql", { via: "proxy" })), {
    message: "The proxy speaks PostgreSQL's protocol alone",
    hint: "Pass --via passfile or --via password",
  });
});
