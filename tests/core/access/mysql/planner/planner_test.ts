import assert from "node:assert/strict";
import fc from "fast-check";
import { isSameAccount } from "../../../../../core/access/mysql/account.ts";
import type { MysqlCatalog } from "../../../../../core/access/mysql/catalog.ts";
import { checkMysqlPlan } from "../../../../../core/access/mysql/check/check_plan.ts";
import { mysqlCatalogAfter } from "../../../../../core/access/mysql/effect.ts";
import type { MysqlPlan } from "../../../../../core/access/mysql/plan.ts";
import { planMysql } from "../../../../../core/access/mysql/planner/planner.ts";
import type { MysqlWish } from "../../../../../core/access/mysql/wish.ts";
import { RdsiamError } from "../../../../../core/errors.ts";
import {
  anyMysqlCatalog,
  anyMysqlGrant,
  anyMysqlRevoke,
} from "../arbitraries.ts";
import { effective, lost } from "../model.ts";

/** What is refused is not what these properties are about. */
function orSkip<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RdsiamError)) throw error;
    fc.pre(false);
    throw error;
  }
}

function planOrSkip(catalog: MysqlCatalog, wish: MysqlWish): MysqlPlan {
  return orSkip(() => planMysql(catalog, wish));
}

Deno.test("planMysql() has no steps once its steps are applied", () => {
  fc.assert(
    fc.property(
      anyMysqlCatalog,
      fc.oneof(anyMysqlGrant, anyMysqlRevoke),
      (catalog, wish) => {
        const { steps } = planOrSkip(catalog, wish);
        const after = mysqlCatalogAfter(catalog, steps);
        assert.deepEqual(orSkip(() => planMysql(after, wish)).steps, []);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("planMysql() goes on where an earlier run stopped", () => {
  fc.assert(
    fc.property(
      anyMysqlCatalog,
      fc.oneof(anyMysqlGrant, anyMysqlRevoke),
      fc.nat({ max: 5 }),
      (catalog, wish, count) => {
        const { steps } = planOrSkip(catalog, wish);
        const stopped = mysqlCatalogAfter(catalog, steps.slice(0, count));
        const rest = orSkip(() => planMysql(stopped, wish)).steps;
        assert.deepEqual(
          orSkip(() => planMysql(mysqlCatalogAfter(stopped, rest), wish)).steps,
          [],
        );
        assert.ok(rest.length <= Math.max(0, steps.length - count));
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("planMysql() of a grant takes no privilege from anybody, and gives what is wished", () => {
  fc.assert(
    fc.property(anyMysqlCatalog, anyMysqlGrant, (catalog, wish) => {
      const { steps } = planOrSkip(catalog, wish);
      const after = mysqlCatalogAfter(catalog, steps);
      for (const { account } of catalog.accounts) {
        for (const database of catalog.databases) {
          const had = effective(catalog, account, database);
          const has = effective(after, account, database);
          assert.deepEqual(lost(had, has), [], JSON.stringify(account));
        }
      }
      for (const { kind, database, privileges } of wish.privileges) {
        if (kind !== "database") continue;
        for (const account of wish.accounts) {
          assert.deepEqual(
            lost(new Set(privileges), effective(after, account, database)),
            [],
          );
        }
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("checkMysqlPlan() lets a revocation through that costs nobody else anything and gives nobody anything", () => {
  fc.assert(
    fc.property(anyMysqlCatalog, anyMysqlRevoke, (catalog, wish) => {
      const plan = planOrSkip(catalog, wish);
      orSkip(() => checkMysqlPlan(catalog, plan, { force: false }));
      const after = mysqlCatalogAfter(catalog, plan.steps);
      for (const { account } of after.accounts) {
        const isSubject = wish.users.includes(account.user);
        for (const database of catalog.databases) {
          const had = effective(catalog, account, database);
          const has = effective(after, account, database);
          assert.deepEqual(lost(has, had), [], "gained");
          const isLeaver = isSubject && wish.groups.length > 0;
          const isMeant = wish.privileges.some((each) =>
            each.database === database
          ) || wish.remove?.databases.includes(database);
          if (isSubject && (isMeant || isLeaver)) continue;
          assert.deepEqual(lost(had, has), [], JSON.stringify(account));
        }
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("checkMysqlPlan() never lets the administrator's login be changed, forced or not", () => {
  fc.assert(
    fc.property(
      anyMysqlCatalog,
      fc.oneof(anyMysqlGrant, anyMysqlRevoke),
      (catalog, wish) => {
        const administrator =
          catalog.accounts.find(({ isRole, hasOtherLogin }) =>
            !isRole && hasOtherLogin
          )?.account ?? catalog.administrator;
        const own = { ...catalog, administrator };
        const plan = planOrSkip(own, wish);
        orSkip(() => checkMysqlPlan(own, plan, { force: true }));
        const after = mysqlCatalogAfter(own, plan.steps);
        const is = ({ accounts }: MysqlCatalog) =>
          accounts.find(({ account }) => isSameAccount(account, administrator));
        assert.equal(is(after)?.hasOtherLogin, is(own)?.hasOtherLogin);
        assert.equal(is(after)?.isLocked, is(own)?.isLocked);
      },
    ),
    { numRuns: 1000 },
  );
});
