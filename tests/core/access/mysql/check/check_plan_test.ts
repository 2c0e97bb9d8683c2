import assert from "node:assert/strict";
import type { MysqlCatalog } from "../../../../../core/access/mysql/catalog.ts";
import { checkMysqlPlan } from "../../../../../core/access/mysql/check/check_plan.ts";
import { describeMysqlLoss } from "../../../../../core/access/mysql/check/losses.ts";
import { parseServerVersion } from "../../../../../core/access/mysql/dialect.ts";
import { planMysql } from "../../../../../core/access/mysql/planner/planner.ts";
import { statementsOf } from "../../../../../core/access/mysql/statements.ts";
import type { MysqlWish } from "../../../../../core/access/mysql/wish.ts";
import { RdsiamError } from "../../../../../core/errors.ts";
import {
  account,
  grantWish,
  mysqlCatalog,
  onPattern,
  revokeWish,
  role,
  state,
  withPassword,
} from "../fixtures.ts";

/** Declares what a plan for this wish is refused with, and whether `--force` goes on all the same. */
function refuses(
  name: string,
  catalog: MysqlCatalog,
  wish: MysqlWish,
  message: RegExp,
  { isForced = false } = {},
) {
  Deno.test(`checkMysqlPlan() refuses ${name}`, () => {
    const plan = planMysql(catalog, wish);
    const isRefusal = (error: unknown) =>
      error instanceof RdsiamError && message.test(error.message);
    assert.throws(
      () => checkMysqlPlan(catalog, plan, { force: false }),
      isRefusal,
    );
    const forced = () => checkMysqlPlan(catalog, plan, { force: true });
    if (isForced) forced();
    else assert.throws(forced, isRefusal);
  });
}

refuses(
  "to change the administrator's login",
  mysqlCatalog(),
  grantWish({ accounts: [account("admin")] }),
  /^Refused: "admin"@"%" is logged in to do this, and could not/,
);
refuses(
  "an account beside the administrator's",
  mysqlCatalog(),
  grantWish({ accounts: [account("admin@10.%")] }),
  /^Refused: "admin"@"10\.%" may take logins from "admin"@"%"/,
);
refuses(
  "to take the password of the last that may create users",
  mysqlCatalog({
    administrator: account("by_token"),
    accounts: [
      state("by_token", { globals: ["CREATE USER"] }),
      withPassword("rdsadmin", { globals: ["CREATE USER"] }),
    ],
  }),
  grantWish({ accounts: [account("admin")] }),
  /^Refused: "admin"@"%" is the last that may create users and logs in with a p/,
);
refuses(
  "to drop all of them at once, though a role gives them the right",
  {
    ...mysqlCatalog({ administrator: account("by_token") }),
    accounts: [
      state("by_token"),
      withPassword("boss"),
      withPassword("chief"),
      { ...role("rds_superuser_role"), globals: ["CREATE USER"] },
    ],
    roleGrants: ["boss", "chief"].map((member) => ({
      role: account("rds_superuser_role"),
      member: account(member),
      isAdmin: false,
    })),
  },
  revokeWish({
    users: ["boss", "chief"],
    host: "%",
    remove: { databases: [], drop: true },
  }),
  /^Refused: "boss"@"%" is the last that may create users/,
);
refuses(
  "to take a password away",
  mysqlCatalog({ accounts: [withPassword("app")] }),
  grantWish(),
  /^Refused: "app"@"%" logs in with a password, which stops working$/,
  { isForced: true },
);
refuses(
  "an account that is closer to some hosts than one with a password",
  mysqlCatalog({ accounts: [withPassword("app")] }),
  grantWish({ accounts: [account("app@10.%")] }),
  /^Refused: "app"@"%" logs in with a password, which stops working from the hosts of "app"@"10\.%"/,
  { isForced: true },
);
refuses(
  "a revocation by which a wider grant counts again",
  mysqlCatalog({
    accounts: [state("app")],
    held: [
      onPattern("app", "shop", "SELECT"),
      onPattern("app", "sh%", "DELETE"),
    ],
  }),
  revokeWish({
    privileges: [{
      kind: "database",
      database: "shop",
      privileges: ["SELECT"],
    }],
  }),
  /^Refused: "app"@"%" would have DELETE on database "shop" then/,
  { isForced: true },
);
refuses(
  "a name without its escapes, which opens another database, too",
  mysqlCatalog({
    accounts: [state("app")],
    held: [onPattern("app", "a_b", "SELECT")],
  }),
  revokeWish({
    privileges: [{ kind: "database", database: "a_b", privileges: ["SELECT"] }],
  }),
  /"app"@"%" loses SELECT on database "aXb", which was not named/,
  { isForced: true },
);
refuses(
  "another default role on MariaDB, which has room for one",
  mysqlCatalog({
    version: parseServerVersion("10.11.6-MariaDB-log"),
    accounts: [state("app"), role("readers@"), role("writers@")],
    roleGrants: [{
      role: account("writers@"),
      member: account("app"),
      isAdmin: false,
    }],
    defaultRoles: [{ account: account("app"), role: account("writers@") }],
  }),
  grantWish({ group: { name: "readers", create: true }, privileges: [] }),
  /"app"@"%" no longer has role "writers" from its login on/,
  { isForced: true },
);
refuses(
  "any change on a server that is read-only",
  mysqlCatalog({ isReadOnly: true }),
  grantWish(),
  /^Nothing can be changed here: this server is read-only$/,
);

Deno.test("checkMysqlPlan() tells what an account loses that is dropped, on a database that is not named", () => {
  const catalog = mysqlCatalog({
    accounts: [state("app", { globals: ["PROCESS"] })],
    held: [
      onPattern("app", "shop", "SELECT"),
      onPattern("app", "aXb", "SELECT"),
    ],
    defined: [{
      kind: "event",
      database: "shop",
      name: "nightly",
      definer: account("app"),
    }],
  });
  const remove = { databases: ["shop"], drop: true };
  const plan = planMysql(catalog, revokeWish({ remove }));
  const { losses } = checkMysqlPlan(catalog, plan, { force: true });
  assert.deepEqual(losses.map(describeMysqlLoss), [
    '"app"@"%" loses PROCESS on all databases, which was not named',
    '"app"@"%" loses SELECT on database "aXb", which was not named',
    'everybody may lose what event "nightly" of database "shop" does with the rights of "app"@"%"',
  ]);
});

Deno.test("planMysql() keeps MySQL's other default roles", () => {
  const catalog = mysqlCatalog({
    accounts: [state("app"), role("readers"), role("writers")],
    roleGrants: [{
      role: account("writers"),
      member: account("app"),
      isAdmin: false,
    }],
    defaultRoles: [{ account: account("app"), role: account("writers") }],
  });
  const group = { name: "readers", create: true };
  const plan = planMysql(catalog, grantWish({ group, privileges: [] }));
  assert.deepEqual(statementsOf(plan), [
    "GRANT 'readers'@'%' TO 'app'@'%'",
    "SET DEFAULT ROLE 'writers'@'%', 'readers'@'%' TO 'app'@'%'",
  ]);
});

Deno.test("planMysql() names a database by itself where partial revokes are on", () => {
  const catalog = mysqlCatalog({ accounts: [state("app")] });
  const wish = grantWish({
    privileges: [{ kind: "database", database: "a_b", privileges: ["SELECT"] }],
  });
  const sql = (isLiteral: boolean) =>
    statementsOf(planMysql({ ...catalog, isLiteral }, wish));
  assert.deepEqual(sql(false), ["GRANT SELECT ON `a\\_b`.* TO 'app'@'%'"]);
  assert.deepEqual(sql(true), ["GRANT SELECT ON `a_b`.* TO 'app'@'%'"]);
});
