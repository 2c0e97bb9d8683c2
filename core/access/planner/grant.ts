import { RdsiamError } from "../../errors.ts";
import { authorityOf } from "../authority.ts";
import {
  type Catalog,
  findRole,
  MEMBERSHIP_OPTIONS_SINCE,
} from "../catalog.ts";
import { Draft } from "./draft.ts";
import { rolesAfter } from "../effect.ts";
import { checkGroup } from "./group.ts";
import { displayName, quoteIdentifier } from "../identifier.ts";
import { membershipsOf, rolesOf, usable } from "../membership.ts";
import { requireRole } from "./missing.ts";
import type { Plan } from "../plan.ts";
import { planDefaults } from "./defaults.ts";
import { planPrivileges } from "./privileges.ts";
import { checkRoleName, RDS_IAM } from "../role_name.ts";
import { granteesOf, type GrantWish } from "../wish.ts";

function planRdsIam(catalog: Catalog, wish: GrantWish, draft: Draft) {
  if (!wish.iam || findRole(catalog, RDS_IAM) !== undefined) return;
  if (!wish.createRdsIam) {
    throw new RdsiamError(
      "failed",
      `Granting ${RDS_IAM} failed: the server has no such role, so it is not RDS or Aurora`,
      {
        hint:
          "For a server that checks IAM tokens some other way, add --create-rds-iam",
      },
    );
  }
  draft.add({ kind: "create-role", role: RDS_IAM, login: false });
}

function planNewRole(
  catalog: Catalog,
  role: string,
  login: boolean,
  draft: Draft,
) {
  const similar = catalog.roles.find(({ name }) =>
    name.toLowerCase() === role.toLowerCase()
  );
  if (similar !== undefined) {
    draft.notice(
      "similar-role",
      `New role ${displayName(role)} is another one than ${
        displayName(similar.name)
      }: capitals matter, to RDS as well`,
    );
  }
  draft.add({ kind: "create-role", role, login });
}

function planGroup(catalog: Catalog, wish: GrantWish, draft: Draft) {
  if (wish.group === null) return;
  const { name, create } = wish.group;
  checkGroup(catalog, name, wish.users);
  const found = create
    ? findRole(catalog, name)
    : requireRole(catalog, name, "Group");
  if (found === undefined) planNewRole(catalog, name, false, draft);
  else {
    draft.addUnless(true, { kind: "create-role", role: name, login: false });
  }
}

function planUser(
  catalog: Catalog,
  wish: GrantWish,
  user: string,
  draft: Draft,
) {
  checkRoleName(user);
  const found = wish.createUsers
    ? findRole(catalog, user)
    : requireRole(catalog, user, "User");
  if (found === undefined) planNewRole(catalog, user, true, draft);
  else if (wish.iam && !found.login) {
    draft.add({ kind: "allow-login", role: user });
  } else if (wish.iam || wish.createUsers) {
    draft.addUnless(true, {
      kind: "create-role",
      role: user,
      login: found.login,
    });
  }
}

function planGroupMember(
  catalog: Catalog,
  group: string,
  user: string,
  draft: Draft,
) {
  const found = catalog.memberships.filter(({ role, member }) =>
    role === group && member === user
  );
  const optionsCount = catalog.serverVersion >= MEMBERSHIP_OPTIONS_SINCE;
  if (!optionsCount && findRole(catalog, user)?.inherit === false) {
    draft.notice(
      "not-inherited",
      `${displayName(user)} is NOINHERIT: it has the privileges of ${
        displayName(group)
      } only after SET ROLE`,
    );
  }
  draft.addUnless(
    optionsCount ? found.some(({ inherit }) => inherit) : found.length > 0,
    {
      kind: "grant-membership",
      role: group,
      member: user,
      inherit: optionsCount,
    },
  );
}

function planIamMember(catalog: Catalog, user: string, draft: Draft) {
  const memberships = membershipsOf(catalog);
  const direct = memberships.some((membership) =>
    membership.role === RDS_IAM && membership.member === user &&
    usable(membership)
  );
  const between = memberships.find((membership) =>
    membership.member === user && usable(membership) &&
    rolesOf(memberships, membership.role, usable).has(RDS_IAM)
  );
  draft.addUnless(
    between !== undefined,
    { kind: "grant-membership", role: RDS_IAM, member: user, inherit: false },
    direct ? null : between?.role ?? null,
  );
}

/**
 * Before PostgreSQL 15 everybody may create objects in schema public, and so put theirs in front of others'
 * (CVE-2018-1058). That is the administrator's to end, for nobody knows who relies on it.
 */
function tellPublicCreates(catalog: Catalog, wish: GrantWish, draft: Draft) {
  const named = new Set(
    wish.privileges.flatMap((each) => "schema" in each ? [each.schema] : []),
  );
  for (const { name, acl } of catalog.schemas) {
    const isOpen = acl.some(({ grantee, privilege }) =>
      grantee === null && privilege === "CREATE"
    );
    if (!named.has(name) || !isOpen) continue;
    draft.notice(
      "public-creates",
      `Everybody may create objects in schema ${
        displayName(name)
      }, as PUBLIC has CREATE there (CVE-2018-1058). This ends it: REVOKE CREATE ON SCHEMA ${
        quoteIdentifier(name)
      } FROM PUBLIC`,
    );
  }
}

/** The plan for a grant. Roles come first and `rds_iam` last: nobody can log in before all else is in place. */
export function planGrant(catalog: Catalog, wish: GrantWish): Plan {
  const draft = new Draft();
  const users = [...new Set(wish.users)];
  planRdsIam(catalog, wish, draft);
  planGroup(catalog, wish, draft);
  for (const user of users) planUser(catalog, wish, user, draft);
  if (wish.group !== null) {
    for (const user of users) {
      planGroupMember(catalog, wish.group.name, user, draft);
    }
  }
  const context = {
    grantees: granteesOf(wish),
    // As it is when the privileges are granted: new memberships may reach the administrator as well.
    authority: authorityOf(rolesAfter(catalog, draft.steps)),
    revoke: false,
    draft,
  };
  tellPublicCreates(catalog, wish, draft);
  planPrivileges(catalog, wish.privileges, context);
  planDefaults(catalog, wish.privileges, context);
  if (wish.iam) {
    for (const user of users) planIamMember(catalog, user, draft);
  }
  return draft.finish(catalog);
}
