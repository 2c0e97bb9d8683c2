import assert from "node:assert/strict";
import type { Launch } from "../../../core/engine/engine.ts";
import {
  mysqlClientFile,
  mysqlDefaultVia,
  mysqlEnvironment,
  mysqlUserFiles,
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
    userFiles: mysqlUserFiles({ HOME: "/home/u" }),
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
    hint: "Pass --via proxy: it gets a local endpoint in MYSQL_HOST",
  });
  assert.equal(
    mysqlClientFile(launch("/usr/bin/php", { via: "password" })),
    undefined,
  );
});

Deno.test("mysqlClientFile() writes what a program's version says that it knows", () => {
  for (
    const [program, version, line] of [
      ["mysql", "mysql  Ver 9.7.4 for Linux", "ssl-mode=VERIFY_IDENTITY"],
      ["mysql", "mysql  Ver 15.1 Distrib 10.11.19-MariaDB", undefined],
      ["mysql", "", "loose-ssl-mode=VERIFY_IDENTITY"],
      [
        "mysqlbinlog",
        "mysqlbinlog  Ver 9.7.4",
        "loose-ssl-mode=VERIFY_IDENTITY",
      ],
      ["mariadb", undefined, undefined],
    ] as const
  ) {
    const text = mysqlClientFile(launch(program, { version }))
      ?.format(TARGET, TOKEN) ?? "";
    const lines = text.split("\n").filter((line) => line.includes("ssl-mode"));
    assert.deepEqual(lines, line === undefined ? [] : [line], program);
  }
});

Deno.test("mysqlDefaultVia() is an option file where a program reads one and can verify what it dials", () => {
  const base = {
    program: "/usr/bin/mysql",
    isElsewhere: false,
    sslrootcert: undefined,
  };
  assert.equal(mysqlDefaultVia(base), "passfile");
  for (
    const other of [
      { program: "mycli" },
      { isElsewhere: true },
      { sslrootcert: "system" },
    ]
  ) {
    assert.equal(mysqlDefaultVia({ ...base, ...other }), "proxy");
  }
});
