import assert from "node:assert/strict";
import { access, ADMIN, HOST, TARGET } from "./access_fixture.ts";

const USAGE: [name: string, args: string[], message: string][] = [
  [
    "no administrator",
    ["setup-db", ...TARGET],
    "Username of the administrator is missing",
  ],
  ["no user", ["setup-db", "-h", HOST, ...ADMIN], "User is missing"],
  ["no database for several users", [
    "setup-db",
    "-h",
    HOST,
    "--user",
    "a",
    "--user",
    "b",
    ...ADMIN,
  ], "Database is missing"],
  ["a password in --admin-url", [
    "setup-db",
    ...TARGET,
    "--admin-url",
    "postgres://master:hunter2@h/db",
  ], "Connection URL holds a password, which does not belong there"],
  [
    "an --admin-url that leads elsewhere",
    [
      "setup-db",
      ...TARGET,
      "--admin-url",
      "postgres://master@other.example/orders",
    ],
    `--admin-url leads elsewhere: its host is "other.example", and "${HOST}" in --host`,
  ],
  [
    "an engine whose users it cannot make",
    ["setup-db", ...TARGET, ...ADMIN, "--engine", "mysql"],
    "Access in a mysql database cannot be set up: rdsiam does it for postgres alone",
  ],
  [
    "nothing to grant",
    ["grant", ...TARGET, ...ADMIN],
    "Nothing to grant is named",
  ],
  [
    "nothing to revoke",
    ["revoke", ...TARGET, ...ADMIN],
    "Nothing to revoke is named",
  ],
  ["--reassign-to alone", [
    "revoke",
    ...TARGET,
    ...ADMIN,
    "--iam",
    "--reassign-to",
    "x",
  ], "--reassign-to needs --all or --drop-role"],
  [
    "a user's privileges through a group",
    [
      "revoke",
      ...TARGET,
      ...ADMIN,
      "--user",
      "a",
      "--group",
      "g",
      "--preset",
      "readonly",
    ],
    "--group with privileges takes them from the role, and so from every member",
  ],
];

for (const [name, args, message] of USAGE) {
  Deno.test(`${args[0]} refuses ${name} before it logs in`, async () => {
    const { code, stdout, stderr, logins } = await access(args);
    assert.equal(stderr.split("\n")[0], `error: ${message}`);
    assert.deepEqual({ code, stdout, logins }, {
      code: 2,
      stdout: "",
      logins: [],
    });
    assert.ok(!stderr.includes("hunter2"));
  });
}
