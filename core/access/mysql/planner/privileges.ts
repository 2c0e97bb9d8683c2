import { displayName } from "../../identifier.ts";
import { missing } from "../../missing_name.ts";
import { matcher, type NamePattern } from "../../selection.ts";
import type { Account } from "../account.ts";
import type { Held, MysqlCatalog, Nameable } from "../catalog.ts";
import type { MysqlDraft } from "./draft.ts";
import { countingOn, globalsOf, heldOn, onDatabase } from "../holdings.ts";
import { PRIVILEGES } from "../privilege.ts";
import type { MysqlPrivilegeWish } from "../wish.ts";

/** Privileges in the manual's order; what rdsiam does not give comes last. */
export function ordered(privileges: readonly string[]): readonly string[] {
  const known = PRIVILEGES.database;
  const rank = (privilege: string) =>
    known.includes(privilege) ? known.indexOf(privilege) : known.length;
  return [...new Set(privileges)].toSorted((one, other) =>
    rank(one) - rank(other)
  );
}

/**
 * The database has to be there: the server would grant on one that is not.
 *
 * @throws {RdsiamError} `usage`, with the nearest that is
 */
export function requireDatabase(
  { databases }: MysqlCatalog,
  database: string,
): void {
  if (databases.includes(database)) return;
  throw missing(
    "Database",
    database,
    databases,
    "Create it first, or name another with --dbname or --schema",
  );
}

/**
 * The tables, or functions and procedures, that are meant.
 *
 * @param held grants that may be left of what is there no longer
 *
 * @throws {RdsiamError} `usage`, when one that is named is not there
 */
export function chosenObjects(
  { objects }: MysqlCatalog,
  { kind, database, names }: {
    readonly kind: "table" | "routine";
    readonly database: string;
    readonly names: readonly NamePattern[];
  },
  draft: MysqlDraft,
  held: readonly Held[] = [],
): readonly Nameable[] {
  const isHeld = (isMeant: (name: string) => boolean) =>
    held.some(({ on }) => on.kind !== "database" && isMeant(on.name));
  const there = objects.filter((each) =>
    each.database === database && (each.kind === "table") === (kind === "table")
  );
  const found = names.flatMap((pattern) => {
    const isMeant = matcher(pattern);
    const matching = there.filter(({ name }) => isMeant(name));
    if (matching.length > 0 || isHeld(isMeant)) return matching;
    if (pattern.kind === "name") {
      throw missing(
        kind === "table" ? "Table" : "Function or procedure",
        pattern.name,
        there.map(({ name }) => name),
        `List those of database ${displayName(database)}`,
      );
    }
    draft.notice(
      "no-match",
      `No ${kind} of database ${displayName(database)} matches ${
        displayName(pattern.pattern)
      }`,
    );
    return [];
  });
  return [...new Set(found)];
}

function planOnDatabase(
  catalog: MysqlCatalog,
  account: Account,
  { database, privileges }: MysqlPrivilegeWish,
  draft: MysqlDraft,
) {
  const on = onDatabase(catalog, database);
  const globals = globalsOf(catalog, account);
  const counting = countingOn(catalog, account, database);
  function already(done: readonly string[], through: string | null) {
    if (done.length === 0) return;
    draft.already(
      { kind: "grant", account, on, privileges: done, kept: [] },
      through,
    );
  }
  const here = privileges.filter((each) => counting.privileges.includes(each));
  already(
    here,
    counting.pattern === on.pattern
      ? null
      : `the grant on ${displayName(counting.pattern ?? "")}`,
  );
  const rest = privileges.filter((each) => !here.includes(each));
  const everywhere = rest.filter((each) => globals.includes(each));
  already(everywhere, "the grant on all databases");
  const lacking = rest.filter((each) => !everywhere.includes(each));
  if (lacking.length === 0) return;
  // The new grant counts in place of the wider one.
  const kept = counting.pattern === on.pattern
    ? []
    : ordered(counting.privileges);
  draft.add({
    kind: "grant",
    account,
    on,
    privileges: ordered([...lacking, ...kept]),
    kept,
  });
}

function planOnObject(
  catalog: MysqlCatalog,
  account: Account,
  object: Nameable,
  privileges: readonly string[],
  draft: MysqlDraft,
) {
  const { kind, database, name } = object;
  const on = { kind, database, name };
  const own = heldOn(catalog, account, on)?.privileges ?? [];
  const wider = [
    ...globalsOf(catalog, account),
    ...countingOn(catalog, account, database).privileges,
  ];
  const step = { kind: "grant", account, on, kept: [] } as const;
  const here = privileges.filter((each) => own.includes(each));
  if (here.length > 0) draft.already({ ...step, privileges: here });
  const above = privileges.filter((each) =>
    !own.includes(each) && wider.includes(each)
  );
  if (above.length > 0) {
    draft.already(
      { ...step, privileges: above },
      `the grant on database ${displayName(database)}`,
    );
  }
  const lacking = privileges.filter((each) =>
    !own.includes(each) && !wider.includes(each)
  );
  if (lacking.length > 0) draft.add({ ...step, privileges: lacking });
}

/** What is wished for the same database, as one wish. */
function merged(
  wishes: readonly MysqlPrivilegeWish[],
): readonly MysqlPrivilegeWish[] {
  const whole = Map.groupBy(
    wishes.filter(({ kind }) => kind === "database"),
    ({ database }) => database,
  );
  return [
    ...[...whole].map(([database, same]): MysqlPrivilegeWish => ({
      kind: "database",
      database,
      privileges: ordered(same.flatMap(({ privileges }) => privileges)),
    })),
    ...wishes.filter(({ kind }) => kind !== "database"),
  ];
}

/**
 * Plans privileges for an account or a role: what it lacks of them.
 *
 * @throws {RdsiamError} `usage`, when a database or an object is not there
 */
export function planPrivileges(
  catalog: MysqlCatalog,
  wishes: readonly MysqlPrivilegeWish[],
  grantees: readonly Account[],
  draft: MysqlDraft,
): void {
  for (const wish of merged(wishes)) {
    requireDatabase(catalog, wish.database);
    const objects = wish.kind === "database"
      ? []
      : chosenObjects(catalog, wish, draft);
    for (const account of grantees) {
      if (wish.kind === "database") {
        planOnDatabase(catalog, account, wish, draft);
      }
      for (const object of objects) {
        planOnObject(catalog, account, object, wish.privileges, draft);
      }
    }
  }
}
