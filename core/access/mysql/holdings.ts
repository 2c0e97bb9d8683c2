import { type Account, isSameAccount } from "./account.ts";
import {
  findAccount,
  type Held,
  type Holding,
  type MysqlCatalog,
} from "./catalog.ts";
import { exactPattern, matchesDatabase, specificity } from "./pattern.ts";

/** The database as what privileges are granted on. */
export function onDatabase(
  { isLiteral }: Pick<MysqlCatalog, "isLiteral">,
  database: string,
): OnDatabases {
  return {
    kind: "database",
    pattern: exactPattern(database, isLiteral),
    name: database,
  };
}

/** What the account holds everywhere, and so on every database. */
export function globalsOf(
  catalog: MysqlCatalog,
  account: Account,
): readonly string[] {
  // With partial revocations, what is held everywhere may be taken back for single databases.
  return catalog.isLiteral ? [] : findAccount(catalog, account)?.globals ?? [];
}

type OnDatabases = Extract<Holding, { kind: "database" }>;

/** What the account holds by databases' patterns that match this one, with the pattern. */
function matching(
  { held, isLiteral }: MysqlCatalog,
  account: Account,
  database: string,
): readonly (Held & { on: OnDatabases })[] {
  return held.flatMap((each) =>
    each.on.kind === "database" && isSameAccount(each.account, account) &&
      matchesDatabase(each.on.pattern, database, isLiteral)
      ? [{ ...each, on: each.on }]
      : []
  );
}

/** The account and all roles that it has, directly or through others. */
export function rolesOf(
  { roleGrants }: Pick<MysqlCatalog, "roleGrants">,
  account: Account,
): readonly Account[] {
  const found = [account];
  for (const each of found) {
    for (const { role, member } of roleGrants) {
      if (!isSameAccount(member, each)) continue;
      if (!found.some((known) => isSameAccount(known, role))) found.push(role);
    }
  }
  return found;
}

/** What an account may do everywhere, by itself or by a role: RDS's master user has it all by one. */
export function globalRights(
  catalog: MysqlCatalog,
  account: Account,
): ReadonlySet<string> {
  return new Set(
    rolesOf(catalog, account).flatMap((each) =>
      findAccount(catalog, each)?.globals ?? []
    ),
  );
}

/** What counts of an account's privileges on a whole database. */
export interface Counting {
  readonly privileges: readonly string[];
  /** The pattern that it holds them by; null: none matches. */
  readonly pattern: string | null;
}

/** The grants that the server goes by: those of the pattern that names the database most closely, and no other. */
export function countingOn(
  catalog: MysqlCatalog,
  account: Account,
  database: string,
): Counting {
  const found = matching(catalog, account, database);
  const furthest = Math.max(
    ...found.map(({ on }) => specificity(on.pattern, catalog.isLiteral)),
  );
  const counting = found.filter(({ on }) =>
    specificity(on.pattern, catalog.isLiteral) === furthest
  );
  return {
    privileges: [...new Set(counting.flatMap(({ privileges }) => privileges))],
    pattern: counting[0]?.on.pattern ?? null,
  };
}

/** What the account holds on exactly this. */
export function heldOn(
  { held }: MysqlCatalog,
  account: Account,
  on: Holding,
): Held | undefined {
  return held.find((each) =>
    isSameAccount(each.account, account) && isSameHolding(each.on, on)
  );
}

/** Whether both are the same thing. */
export function isSameHolding(one: Holding, other: Holding): boolean {
  if (one.kind === "database") {
    return other.kind === "database" && one.pattern === other.pattern;
  }
  return other.kind === one.kind && one.database === other.database &&
    one.name === other.name;
}
