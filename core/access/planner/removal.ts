import { RdsiamError } from "../../errors.ts";
import { actsFor, authorityOf } from "../authority.ts";
import {
  type Catalog,
  findRole,
  MEMBERSHIP_OPTIONS_SINCE,
} from "../catalog.ts";
import type { Draft } from "./draft.ts";
import { displayName } from "../identifier.ts";
import { requireRole } from "./missing.ts";
import { checkRoleName } from "../role_name.ts";
import type { RevokeWish } from "../wish.ts";

function checkRemovable(catalog: Catalog, user: string, dropRole: boolean) {
  checkRoleName(user);
  if (user === catalog.sessionUser || user === catalog.currentUser) {
    throw new RdsiamError(
      "usage",
      `Removing ${displayName(user)} failed: it is the role that is logged in`,
      { hint: "Log in as another administrator" },
    );
  }
  const elsewhere = catalog.dependents.filter((dependent) =>
    dependent.role === user && dependent.database !== null &&
    dependent.database !== catalog.database.name
  );
  if (!dropRole || elsewhere.length === 0) return;
  const databases = elsewhere.map(({ database }) => displayName(database ?? ""))
    .join(", ");
  throw new RdsiamError(
    "failed",
    `Dropping role ${
      displayName(user)
    } failed: it owns or may use something in database ${databases}`,
    { hint: "Empty the role out in each of these databases first" },
  );
}

function tellSessions(catalog: Catalog, user: string, draft: Draft) {
  const sessions = findRole(catalog, user)?.sessions ?? 0;
  if (sessions === 0) return;
  draft.notice(
    "open-sessions",
    `${displayName(user)} has ${
      sessions === 1 ? "an open session" : `${sessions} open sessions`
    }, which PostgreSQL does not end`,
  );
}

/**
 * Adds what empties a role out and drops it. REASSIGN OWNED and DROP OWNED take the rights of the role, so the current
 * role becomes a member for as long as it takes. When the role is in `rds_iam`, so is the current role then, but no
 * login sees it: it is over when the transaction ends.
 *
 * @throws {RdsiamError} `usage`, for the role that is logged in; `failed`, when another database still uses the role.
 */
export function planRemoval(
  catalog: Catalog,
  user: string,
  remove: NonNullable<RevokeWish["remove"]>,
  draft: Draft,
): void {
  checkRemovable(catalog, user, remove.dropRole);
  const self = catalog.currentUser;
  const to = remove.reassignTo ?? self;
  requireRole(catalog, to, "New owner");
  if (to === user) {
    throw new RdsiamError(
      "usage",
      `New owner ${displayName(to)} cannot be used: it is the role to remove`,
    );
  }
  tellSessions(catalog, user, draft);
  const here = catalog.dependents.filter((dependent) =>
    dependent.role === user &&
    (dependent.database === null ||
      dependent.database === catalog.database.name)
  );
  const join = here.length > 0 && !actsFor(authorityOf(catalog), user);
  if (join) {
    draft.add({
      kind: "grant-membership",
      role: user,
      member: self,
      inherit: catalog.serverVersion >= MEMBERSHIP_OPTIONS_SINCE,
    });
  }
  if (here.some(({ owned }) => owned > 0)) {
    draft.add({ kind: "reassign-owned", role: user, to });
  }
  if (here.length > 0) draft.add({ kind: "drop-owned", role: user });
  if (remove.dropRole) draft.add({ kind: "drop-role", role: user });
  else if (join) {
    draft.add({
      kind: "revoke-membership",
      role: user,
      member: self,
      grantor: null,
    });
  }
}
