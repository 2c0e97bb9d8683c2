import {
  type Account,
  isSameAccount,
} from "../../../../core/access/mysql/account.ts";
import type { MysqlCatalog } from "../../../../core/access/mysql/catalog.ts";
import { matchesDatabase } from "../../../../core/access/mysql/pattern.ts";

/** How far a pattern goes before its first wildcard. */
function plainLength(pattern: string): number {
  const at = pattern.replace(/\\./g, "xx").search(/[%_]/);
  return at === -1 ? Infinity : at;
}

/** What an account may do on a database, and on one of its tables, by the rules of the servers' own manuals. */
export function effective(
  catalog: MysqlCatalog,
  account: Account,
  database: string,
): ReadonlySet<string> {
  const holders = [account];
  for (const each of holders) {
    for (const { role, member } of catalog.roleGrants) {
      if (isSameAccount(member, each) && !holders.includes(role)) {
        holders.push(role);
      }
    }
  }
  return new Set(holders.flatMap((holder) => {
    const rows = catalog.held.flatMap(({ account, on, privileges }) =>
      on.kind === "database" && isSameAccount(account, holder) &&
        matchesDatabase(on.pattern, database, catalog.isLiteral)
        ? [{ pattern: on.pattern, privileges }]
        : []
    );
    const [closest] = catalog.isLiteral
      ? rows
      : rows.toSorted((one, other) =>
        plainLength(other.pattern) - plainLength(one.pattern) || 0
      );
    const own = catalog.accounts.find((each) =>
      isSameAccount(each.account, holder)
    );
    const globals = catalog.isLiteral ? [] : own?.globals ?? [];
    return [...globals, ...closest?.privileges ?? []];
  }));
}

/** What one set has and the other has not. */
export function lost(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): readonly string[] {
  return [...before.difference(after)];
}
