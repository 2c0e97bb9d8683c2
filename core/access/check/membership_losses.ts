import type { Catalog } from "../catalog.ts";
import { settable, usable } from "../membership.ts";
import type { Rights } from "../rights.ts";
import { RDS_IAM } from "../role_name.ts";
import { type Comparison, type Found, lossObject } from "./loss.ts";

/** The roles that somebody may grant: by itself, or through what it is a member of and has not merely created. */
function administered(
  role: string,
  { memberships }: Catalog,
  rights: Rights,
): ReadonlySet<string> {
  const through = rights.reached(role, usable);
  return new Set(
    memberships.filter(({ admin, member }) => admin && through.has(member))
      .map((each) => each.role),
  );
}

/** The logins, memberships and rights to grant roles that others lose. */
export function membershipLosses(
  { before, after, had, has, roles }: Comparison,
): readonly Found[] {
  const there = has.names;
  return roles.flatMap((role) => {
    const lost = new Set([
      ...had.rolesOf(role).difference(has.rolesOf(role)),
      ...had.reached(role, settable).difference(has.reached(role, settable)),
    ]);
    const isLogin = had.reached(role, usable).has(RDS_IAM) &&
      !has.reached(role, usable).has(RDS_IAM);
    // What it granted through a group that it leaves goes with that.
    const withGroups = new Set(
      [...lost].flatMap((each) => [...administered(each, before, had)]),
    );
    const admin = [
      ...administered(role, before, had)
        .difference(administered(role, after, has)),
    ].filter((of) => there.has(of) && !withGroups.has(of));
    const shared = { role, grantOption: false };
    const found = (
      kind: "membership" | "login",
      of: string,
      privilege: "MEMBER" | "ADMIN" | null,
    ): Found => ({
      ...shared,
      kind,
      privilege,
      object: lossObject({ kind: "role", name: of }),
    });
    return [
      ...(isLogin ? [found("login", RDS_IAM, null)] : []),
      ...[...lost].map((of) => found("membership", of, "MEMBER")),
      ...admin.map((of) => found("membership", of, "ADMIN")),
    ];
  });
}
