import { displayName } from "../../identifier.ts";
import { matcher } from "../../selection.ts";
import { type Account, displayAccount, isSameAccount } from "../account.ts";
import type { Held, MysqlCatalog } from "../catalog.ts";
import type { MysqlDraft } from "./draft.ts";
import { mysqlCatalogAfter } from "../effect.ts";
import { countingOn, globalsOf, onDatabase, rolesOf } from "../holdings.ts";
import type { MysqlStep } from "../plan.ts";
import { chosenObjects, ordered, requireDatabase } from "./privileges.ts";
import type { MysqlPrivilegeWish } from "../wish.ts";

/** What an account holds on a database and what is in it, and on no other. */
function heldIn(
  catalog: MysqlCatalog,
  account: Account,
  database: string,
): readonly Held[] {
  return catalog.held.filter((each) => {
    if (!isSameAccount(each.account, account)) return false;
    if (each.on.kind !== "database") return each.on.database === database;
    // A name that was written without its escapes means this database, whatever else it matches.
    return each.on.name === database || each.on.pattern === database;
  });
}

function planTaking(
  held: readonly Held[],
  isMeant: (privilege: string) => boolean,
  draft: MysqlDraft,
): readonly MysqlStep[] {
  return held.flatMap(({ account, on, privileges, ofColumns }) => {
    const taken = ordered([...privileges, ...ofColumns]).filter(isMeant);
    if (taken.length === 0) return [];
    const step: MysqlStep = { kind: "revoke", account, on, privileges: taken };
    draft.add(step);
    return [step];
  });
}

/** What an account can do on a database all the same, and through what. */
function tellKept(
  catalog: MysqlCatalog,
  account: Account,
  { database, privileges }: {
    readonly database: string;
    /** Null: every one. */
    readonly privileges: readonly string[] | null;
  },
  steps: readonly MysqlStep[],
  draft: MysqlDraft,
) {
  const after = mysqlCatalogAfter(catalog, steps);
  for (const holder of rolesOf(after, account)) {
    const through = holder === account
      ? ""
      : ` through role ${displayAccount(holder)}`;
    const { privileges: counting, pattern } = countingOn(
      after,
      holder,
      database,
    );
    const sources: [readonly string[], string][] = [
      [globalsOf(after, holder), "on all databases"],
      [counting, `by the pattern ${displayName(pattern ?? "")}`],
    ];
    for (const [held, how] of sources) {
      const kept = held.filter((each) => privileges?.includes(each) ?? true);
      if (kept.length === 0) continue;
      draft.notice(
        "keeps",
        `${displayAccount(account)} keeps ${kept.join(", ")} on database ${
          displayName(database)
        }: it is granted ${how}${through}`,
      );
    }
  }
}

function planOnDatabase(
  catalog: MysqlCatalog,
  account: Account,
  wish: MysqlPrivilegeWish,
  draft: MysqlDraft,
) {
  const { database, privileges } = wish;
  const steps = planTaking(
    heldIn(catalog, account, database),
    (each) => privileges.includes(each),
    draft,
  );
  if (steps.length === 0) {
    const on = onDatabase(catalog, database);
    draft.already({ kind: "revoke", account, on, privileges });
  }
  tellKept(catalog, account, wish, steps, draft);
}

function planOnObjects(
  catalog: MysqlCatalog,
  account: Account,
  wish: Exclude<MysqlPrivilegeWish, { kind: "database" }>,
  draft: MysqlDraft,
) {
  const { kind, database, names, privileges } = wish;
  const held = catalog.held.filter(({ account: holder, on }) =>
    isSameAccount(holder, account) && on.kind !== "database" &&
    on.database === database && (on.kind === "table") === (kind === "table") &&
    names.some((pattern) => matcher(pattern)(on.name))
  );
  const isMeant = (each: string) => privileges.includes(each);
  const steps = planTaking(held, isMeant, draft);
  for (const { kind: own, name } of chosenObjects(catalog, wish, draft, held)) {
    const on = { kind: own, database, name };
    const isTaken = steps.some((step) =>
      step.kind === "revoke" && step.on.kind === own && step.on.name === name
    );
    if (!isTaken) draft.already({ kind: "revoke", account, on, privileges });
  }
  tellKept(catalog, account, wish, steps, draft);
}

/**
 * Plans to take privileges from accounts or a role, as far as they hold them.
 *
 * @throws {RdsiamError} `usage`, when something that is named is not there
 */
export function planRevocations(
  catalog: MysqlCatalog,
  wishes: readonly MysqlPrivilegeWish[],
  grantees: readonly Account[],
  draft: MysqlDraft,
): void {
  for (const wish of wishes) {
    for (const account of grantees) {
      // Of a database that is gone, grants may be left.
      if (heldIn(catalog, account, wish.database).length === 0) {
        requireDatabase(catalog, wish.database);
      }
      if (wish.kind === "database") {
        planOnDatabase(catalog, account, wish, draft);
      } else planOnObjects(catalog, account, wish, draft);
    }
  }
}

/** Plans to take all that an account holds on a database and what is in it. */
export function planEmptying(
  catalog: MysqlCatalog,
  account: Account,
  database: string,
  draft: MysqlDraft,
): void {
  const held = heldIn(catalog, account, database);
  const steps = planTaking(held, () => true, draft);
  if (steps.length === 0) {
    requireDatabase(catalog, database);
    const on = onDatabase(catalog, database);
    draft.already({ kind: "revoke", account, on, privileges: ["ALL"] });
  }
  tellKept(catalog, account, { database, privileges: null }, steps, draft);
}
