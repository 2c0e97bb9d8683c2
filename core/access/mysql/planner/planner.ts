import type { MysqlCatalog } from "../catalog.ts";
import type { MysqlPlan } from "../plan.ts";
import { planGrant } from "./grant.ts";
import { planRevoke } from "./revoke.ts";
import type { MysqlPrivilegeWish, MysqlWish } from "../wish.ts";

/**
 * What is missing for the wish, and no more. A privilege counts as there when the account holds it itself: on this, on
 * the database, or everywhere. What it has through roles is theirs to lose.
 *
 * It does not ask whether the steps are safe: see `checkMysqlPlan`.
 *
 * @throws {RdsiamError} `usage`, when the wish names what is missing or cannot be used so
 */
export function planMysql(catalog: MysqlCatalog, wish: MysqlWish): MysqlPlan {
  const meant = catalog.lowersNames ? lowered(wish) : wish;
  return meant.kind === "grant"
    ? planGrant(catalog, meant)
    : planRevoke(catalog, meant);
}

/** The wish in small letters, where the server keeps names of databases and tables so. */
function lowered<Wish extends MysqlWish>(wish: Wish): Wish {
  const small = (each: MysqlPrivilegeWish): MysqlPrivilegeWish => ({
    ...each,
    database: each.database.toLowerCase(),
    ...("names" in each && each.kind === "table" && {
      names: each.names.map((pattern) =>
        pattern.kind === "name"
          ? { ...pattern, name: pattern.name.toLowerCase() }
          : { ...pattern, pattern: pattern.pattern.toLowerCase() }
      ),
    }),
  });
  return {
    ...wish,
    privileges: wish.privileges.map(small),
    ...(wish.kind === "revoke" && wish.remove !== null && {
      remove: {
        ...wish.remove,
        databases: wish.remove.databases.map((name) => name.toLowerCase()),
      },
    }),
  };
}
