import { settable, usable } from "../membership.ts";
import { RDS_IAM } from "../role_name.ts";
import { type Comparison, type Found, lossObject } from "./loss.ts";

/** The logins, memberships and rights to grant roles that others lose. */
export function membershipLosses(
  { before, after, had, has, roles }: Comparison,
): readonly Found[] {
  const administered = new Set(
    after.memberships.filter(({ admin }) => admin)
      .map(({ role, member }) => JSON.stringify([role, member])),
  );
  const there = has.names;
  return roles.flatMap((role) => {
    const lost = new Set([
      ...had.rolesOf(role).difference(has.rolesOf(role)),
      ...had.reached(role, settable).difference(has.reached(role, settable)),
    ]);
    const isLogin = had.reached(role, usable).has(RDS_IAM) &&
      !has.reached(role, usable).has(RDS_IAM);
    const admin = before.memberships.filter((each) =>
      each.member === role && each.admin && there.has(each.role) &&
      !administered.has(JSON.stringify([each.role, role]))
    ).map((each) => each.role);
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
      ...[...new Set(admin)].map((of) => found("membership", of, "ADMIN")),
    ];
  });
}
