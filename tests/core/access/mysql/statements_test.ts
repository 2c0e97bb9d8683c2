import assert from "node:assert/strict";
import fc from "fast-check";
import type { Account } from "../../../../core/access/mysql/account.ts";
import type { Dialect } from "../../../../core/access/mysql/dialect.ts";
import { parseServerVersion } from "../../../../core/access/mysql/dialect.ts";
import { exactPattern } from "../../../../core/access/mysql/pattern.ts";
import type { MysqlStep } from "../../../../core/access/mysql/plan.ts";
import { scriptOf, stepSql } from "../../../../core/access/mysql/statements.ts";
import { anyCharacter } from "../../../any_character.ts";
import { tokens } from "./sql_lexer.ts";

const app: Account = { user: "app", host: "%" };
const shop = { kind: "database", pattern: "shop", name: "shop" } as const;
const IAM = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";

const CASES: [MysqlStep, string, Dialect?][] = [
  [
    { kind: "create-account", account: app },
    `CREATE USER 'app'@'%' ${IAM} REQUIRE SSL`,
  ],
  [
    { kind: "change-account", account: app, changes: ["iam", "tls"] },
    `ALTER USER 'app'@'%' ${IAM} REQUIRE SSL`,
  ],
  [
    { kind: "change-account", account: app, changes: ["iam", "unlock"] },
    `ALTER USER 'app'@'%' ${IAM} ACCOUNT UNLOCK`,
  ],
  [
    { kind: "lock-account", account: app },
    "ALTER USER 'app'@'%' ACCOUNT LOCK",
  ],
  [{ kind: "drop-account", account: app }, "DROP USER 'app'@'%'"],
  [
    { kind: "create-role", role: { user: "r", host: "%" } },
    "CREATE ROLE 'r'@'%'",
  ],
  [
    { kind: "create-role", role: { user: "r", host: "" } },
    "CREATE ROLE 'r'",
    "mariadb",
  ],
  [
    { kind: "grant-role", role: { user: "r", host: "" }, account: app },
    "GRANT 'r' TO 'app'@'%'",
    "mariadb",
  ],
  [
    { kind: "revoke-role", role: { user: "r", host: "%" }, account: app },
    "REVOKE 'r'@'%' FROM 'app'@'%'",
  ],
  [
    { kind: "default-roles", account: app, roles: [{ user: "r", host: "" }] },
    "SET DEFAULT ROLE 'r' FOR 'app'@'%'",
    "mariadb",
  ],
  [
    {
      kind: "default-roles",
      account: app,
      roles: [{ user: "r", host: "%" }, { user: "s", host: "%" }],
    },
    "SET DEFAULT ROLE 'r'@'%', 's'@'%' TO 'app'@'%'",
  ],
  [
    { kind: "default-roles", account: app, roles: [] },
    "SET DEFAULT ROLE NONE FOR 'app'@'%'",
    "mariadb",
  ],
  [
    {
      kind: "grant",
      account: app,
      on: shop,
      privileges: ["SELECT", "LOCK TABLES"],
      kept: [],
    },
    "GRANT SELECT, LOCK TABLES ON `shop`.* TO 'app'@'%'",
  ],
  [
    {
      kind: "grant",
      account: app,
      on: shop,
      privileges: ["SELECT", "GRANT OPTION"],
      kept: ["GRANT OPTION"],
    },
    "GRANT SELECT ON `shop`.* TO 'app'@'%' WITH GRANT OPTION",
  ],
  [
    {
      kind: "grant",
      account: app,
      on: { kind: "procedure", database: "shop", name: "tidy" },
      privileges: ["EXECUTE"],
      kept: [],
    },
    "GRANT EXECUTE ON PROCEDURE `shop`.`tidy` TO 'app'@'%'",
  ],
  [
    {
      kind: "revoke",
      account: app,
      on: { kind: "table", database: "a_b", name: "t%" },
      privileges: ["SELECT", "GRANT OPTION"],
    },
    "REVOKE SELECT, GRANT OPTION ON `a_b`.`t%` FROM 'app'@'%'",
  ],
];

for (const [step, sql, dialect = "mysql"] of CASES) {
  Deno.test(`stepSql() of ${step.kind} for ${dialect} is ${sql}`, () => {
    assert.equal(stepSql(step, dialect), sql);
  });
}

Deno.test("stepSql() quotes whatever names there are, each as one word", () => {
  const anyName = fc.oneof(
    fc.string({ unit: anyCharacter, minLength: 1 }),
    fc.string({ unit: fc.constantFrom("'", "`", "\\", '"', "-", "\n", "\0") }),
  );
  fc.assert(
    fc.property(
      fc.record({ user: anyName, host: fc.constantFrom("%", "10.%") }),
      anyName,
      anyName,
      (account, database, name) => {
        const pattern = exactPattern(database, false);
        const privileges = ["SELECT"];
        const found = [
          stepSql({ kind: "create-account", account }, "mysql"),
          stepSql({
            kind: "grant",
            account,
            on: { kind: "database", pattern, name: database },
            privileges,
            kept: [],
          }, "mysql"),
          stepSql({
            kind: "revoke",
            account,
            on: { kind: "table", database, name },
            privileges,
          }, "mariadb"),
        ].map((sql) => tokens(sql).filter(({ kind }) => kind !== "word"));
        const who = [
          { kind: "string", text: account.user },
          { kind: "sign", text: "@" },
          { kind: "string", text: account.host },
        ];
        const dot = { kind: "sign", text: "." };
        assert.deepEqual(found, [
          [...who, { kind: "string", text: "RDS" }],
          [
            { kind: "name", text: pattern },
            dot,
            { kind: "sign", text: "*" },
            ...who,
          ],
          [
            { kind: "name", text: database },
            dot,
            { kind: "name", text: name },
            ...who,
          ],
        ]);
      },
    ),
  );
});

Deno.test("scriptOf() sets the session up as the statements need it, and is empty without steps", () => {
  const version = parseServerVersion("10.11.6-MariaDB-log");
  const plan = { version, databases: [], already: [], notices: [] };
  assert.equal(scriptOf({ ...plan, steps: [] }), "");
  assert.equal(
    scriptOf({ ...plan, steps: [{ kind: "drop-account", account: app }] }),
    "SET SESSION sql_mode = 'NO_AUTO_CREATE_USER', lock_wait_timeout = 10;\nDROP USER 'app'@'%';\n",
  );
});
