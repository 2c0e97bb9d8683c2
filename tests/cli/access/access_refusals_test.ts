import assert from "node:assert/strict";
import { fakeConfig } from "../../fakes.ts";
import { access, ADMIN, HOST, TARGET } from "./access_fixture.ts";

const MYSQL = ["setup-db", ...TARGET, ...ADMIN, "--engine", "mysql"];

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
    `--admin-url names another database: its host is "other.example", and "${HOST}" in --host`,
  ],
  [
    "a host pattern for a role of PostgreSQL",
    ["setup-db", ...TARGET, ...ADMIN, "--host-pattern", "10.%"],
    "--host-pattern is for MySQL and MariaDB: a role of PostgreSQL has no hosts",
  ],
  [
    "sequences of MySQL",
    [...MYSQL, "--privileges", "SELECT", "--sequences", "s"],
    "--sequences is for PostgreSQL",
  ],
  [
    "privileges on no database of MySQL",
    ["setup-db", "-h", HOST, "-U", "app", ...ADMIN, "--engine", "mysql"]
      .concat("--grant-public-crud"),
    "Database is missing",
  ],
  [
    "what is no host of MySQL",
    [...MYSQL, "--host-pattern", "10.0.0.1' or"],
    'Host pattern "10.0.0.1\' or" cannot be used: it is no host name or address',
  ],
  [
    "a privilege that no table of MySQL has",
    [...MYSQL, "--privileges", "EXECUTE", "--tables", "t"],
    'Privilege "EXECUTE" cannot be used: a table has SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, SHOW VIEW, TRIGGER',
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

/** What says that the server need not be fully verified, none of it on the command line of the day. */
const WEAK: [name: string, args: string[], by: string, environment?: string][] =
  [
    [
      "the configuration",
      ["weak"],
      'require of targets.weak.sslmode in "/work/rdsiam.toml"',
    ],
    [
      "a URL",
      [`postgres://app@${HOST}/orders?sslmode=verify-ca`],
      "verify-ca of connection URL",
    ],
    [
      "RDSIAM_TARGET",
      [],
      "require of RDSIAM_TARGET",
      `postgres://app@${HOST}/orders?sslmode=require`,
    ],
    [
      "--admin-url",
      ["--admin-url", `postgres://master@${HOST}/orders?sslmode=require`],
      "require of --admin-url",
    ],
  ];

const WEAK_CONFIG = fakeConfig({
  weak: { host: HOST, username: "app", dbname: "orders", sslmode: "require" },
});

/** Grants as the administrator, whose server is not fully verified. */
async function grantWeakly(args: string[], RDSIAM_TARGET = "") {
  return await access(["grant", ...args, "--user", "app", ...ADMIN, ...CRUD], {
    parts: {
      environment: { PGPASSWORD: "secret", RDSIAM_TARGET },
      loadConfig: () => Promise.resolve(WEAK_CONFIG),
    },
  });
}

const CRUD = ["--grant-public-crud"];

for (const [name, args, by, target] of WEAK) {
  // security: password-wants-typed-sslmode
  Deno.test(`grant sends no password to a server that ${name} says need not be fully verified`, async () => {
    const { code, stderr, logins } = await grantWeakly(args, target);
    const [mode] = by.split(" ");
    assert.deepEqual([code, logins], [2, []]);
    assert.match(
      stderr,
      new RegExp(
        `\nerror: The administrator's password is not sent to a server that is not fully verified \\(sslmode ${
          RegExp.escape(by)
        }\\)\n` +
          `hint: Pass --sslmode verify-full, or --sslmode ${mode} to send it anyway\n$`,
      ),
    );
  });
}

Deno.test("grant sends a password where --sslmode of this command line says so, with a warning", async () => {
  for (const args of [["weak"], ["-h", HOST]]) {
    const { stderr, logins } = await grantWeakly([
      ...args,
      "--sslmode",
      "require",
    ]);
    assert.equal(logins[0]?.sslmode, "require");
    assert.match(
      stderr,
      new RegExp(
        `^warning: Server "${HOST}" is not verified \\(sslmode require of --sslmode\\): whoever controls the network can take its place\n`,
      ),
    );
  }
});

// security: weak-is-said
Deno.test("grant --admin-iam sends a token as the configuration says, with a warning", async () => {
  const { stderr, logins } = await grantWeakly(["weak", "--admin-iam"]);
  assert.deepEqual([logins[0]?.sslmode, logins[0]?.method], [
    "require",
    "token",
  ]);
  assert.match(
    stderr,
    /^warning: Server .* is not verified \(sslmode require of targets\.weak\.sslmode in /,
  );
});

Deno.test("grant verifies fully whatever PGSSLMODE says", async () => {
  for (const PGSSLMODE of ["disable", "prefer", "require", "verify-ca", "no"]) {
    const { logins, stderr } = await access(
      ["grant", ...TARGET, ...ADMIN, ...CRUD],
      { parts: { environment: { PGPASSWORD: "secret", PGSSLMODE } } },
    );
    assert.deepEqual([logins[0]?.sslmode, logins[0]?.trust.kind], [
      "verify-full",
      "roots",
    ]);
    assert.match(
      stderr,
      new RegExp(
        `^warning: SSL mode "${PGSSLMODE}" of PGSSLMODE is ignored, since it would weaken the verification: only --sslmode, a URL or the configuration may do that\n`,
      ),
    );
  }
});
