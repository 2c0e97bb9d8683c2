import { displayName } from "../../identifier.ts";
import { type Account, displayAccount, isSameAccount } from "../account.ts";
import type { MysqlCatalog } from "../catalog.ts";
import { mysqlCatalogAfter } from "../effect.ts";
import { countingOn } from "../holdings.ts";
import type { MysqlPlan } from "../plan.ts";
import type { MysqlObjection } from "./objection.ts";

/** The accounts and roles that something is taken from. */
function subjectsOf({ steps }: MysqlPlan): readonly Account[] {
  const found: Account[] = [];
  for (const step of steps) {
    if (step.kind !== "revoke") continue;
    if (!found.some((each) => isSameAccount(each, step.account))) {
      found.push(step.account);
    }
  }
  return found;
}

/**
 * What accounts could do by a revocation: of several patterns that match a database the closest one counts, so that a wider
 * one counts again when that is gone.
 */
export function mysqlGains(
  catalog: MysqlCatalog,
  plan: MysqlPlan,
): readonly MysqlObjection[] {
  const after = mysqlCatalogAfter(catalog, plan.steps);
  return subjectsOf(plan).flatMap((account) =>
    catalog.databases.flatMap((database): MysqlObjection[] => {
      const had = countingOn(catalog, account, database);
      const has = countingOn(after, account, database);
      const gained = has.privileges.filter((each) =>
        !had.privileges.includes(each)
      ).toSorted();
      if (gained.length === 0) return [];
      const wider = displayName(has.pattern ?? "");
      return [{
        severity: "force",
        kind: "wider-grant",
        account,
        cost: `${displayAccount(account)} would have ${
          gained.join(", ")
        } on database ${
          displayName(database)
        } then: its grant on databases like ${wider} counts as soon as the closer one is gone`,
        hint: `Take the grant on ${wider} first, or add --force`,
      }];
    })
  );
}
