import { RdsiamError } from "../../errors.ts";
import type { Catalog, Dependents } from "../catalog.ts";
import { displayName, quoteIdentifier } from "../identifier.ts";
import { checkRoleName } from "../role_name.ts";

function elsewhereText(dependents: Dependents): string {
  const { database, owned, privileges, policies } = dependents;
  const parts = [
    [owned, "owned object", "owned objects"],
    [privileges, "privilege", "privileges"],
    [policies, "policy", "policies"],
  ] as const;
  const counts = parts.filter(([count]) => count > 0)
    .map(([count, one, more]) => `${count} ${count === 1 ? one : more}`);
  return `database ${displayName(database)} (${counts.join(", ")})`;
}

function checkElsewhere(catalog: Catalog, user: string) {
  const elsewhere = catalog.dependents.filter(({ role }) => role === user);
  if (elsewhere.length === 0) return;
  const withPolicies = elsewhere.some(({ policies }) => policies > 0);
  throw new RdsiamError(
    "failed",
    `Dropping role ${displayName(user)} failed: it is in use in ${
      elsewhere.map(elsewhereText).join(" and ")
    }`,
    {
      hint: `Run revoke --all for it in each of these first, with --dbname${
        withPolicies
          ? "; the policies there are to be changed by hand (ALTER POLICY … TO …, DROP POLICY)"
          : ""
      }`,
    },
  );
}

function checkLeftovers(catalog: Catalog, user: string) {
  const [leftover, ...more] = catalog.leftovers.filter(({ role }) =>
    role === user
  );
  if (leftover === undefined) return;
  throw new RdsiamError(
    "failed",
    `Dropping role ${displayName(user)} failed: ${
      displayName(leftover.text)
    } depends on it${more.length === 0 ? "" : ` (and ${more.length} more)`}`,
    {
      hint: `Remove it by hand first: DROP OWNED BY ${
        quoteIdentifier(user)
      } does, which takes policies and other databases' grants as well`,
    },
  );
}

/**
 * Refuses a user that cannot be emptied out, or with `dropRole` be dropped.
 *
 * @throws {RdsiamError} `usage`, for the role that is logged in; `failed`, when another database still uses the role.
 */
export function checkRemovable(
  catalog: Catalog,
  user: string,
  dropRole: boolean,
) {
  checkRoleName(user);
  if (user === catalog.sessionUser || user === catalog.currentUser) {
    throw new RdsiamError(
      "usage",
      `Removing ${displayName(user)} failed: it is the role that is logged in`,
      { hint: "Log in as another administrator" },
    );
  }
  if (!dropRole) return;
  checkElsewhere(catalog, user);
  checkLeftovers(catalog, user);
}
