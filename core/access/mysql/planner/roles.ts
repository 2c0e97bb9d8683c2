import { RdsiamError } from "../../../errors.ts";
import { displayName } from "../../identifier.ts";
import { missing } from "../../missing_name.ts";
import {
  type Account,
  checkAccountLength,
  checkAccountName,
  isSameAccount,
} from "../account.ts";
import {
  accountsNamed,
  findAccount,
  type MysqlCatalog,
  roleNamed,
} from "../catalog.ts";
import { hasRoles } from "../dialect.ts";
import type { MysqlDraft } from "./draft.ts";

function refuse(name: string, why: string, hint: string): never {
  throw new RdsiamError(
    "usage",
    `Group ${displayName(name)} cannot be used: ${why}`,
    { hint },
  );
}

/**
 * The role of this name, which has to be there.
 *
 * @throws {RdsiamError} `usage`, when it is not, or is an account that can log in
 */
export function requireGroup(catalog: MysqlCatalog, name: string): Account {
  const role = roleNamed(catalog, name);
  refuseLogin(catalog, name);
  if (findAccount(catalog, role) !== undefined) return role;
  throw missing(
    "Group",
    name,
    catalog.accounts.filter(({ isRole }) => isRole).map(({ account }) =>
      account.user
    ),
    "Make it with rdsiam setup-db --group",
  );
}

/** MariaDB could not tell a role from an account of the same name; MySQL grants accounts as if they were roles. */
function refuseLogin(catalog: MysqlCatalog, name: string) {
  if (accountsNamed(catalog, name).length === 0) return;
  refuse(
    name,
    "it is an account that can log in, and a group is a role",
    "Choose another name, or leave --group out",
  );
}

/**
 * Plans the role that stands between accounts and their privileges.
 *
 * @throws {RdsiamError} `usage`, when it cannot
 */
export function planGroup(
  catalog: MysqlCatalog,
  { name, create }: { readonly name: string; readonly create: boolean },
  users: readonly string[],
  draft: MysqlDraft,
): Account {
  checkAccountName(name);
  checkAccountLength(name, catalog.version.dialect);
  if (!hasRoles(catalog.version)) {
    refuse(
      name,
      `the server, ${catalog.version.text}, knows no roles`,
      "Leave --group out: the privileges go to the users themselves",
    );
  }
  if (users.includes(name)) {
    refuse(
      name,
      "it is also one of the users",
      "Choose another name for the group",
    );
  }
  if (!create) return requireGroup(catalog, name);
  refuseLogin(catalog, name);
  const role = roleNamed(catalog, name);
  draft.addUnless(findAccount(catalog, role) !== undefined, {
    kind: "create-role",
    role,
  });
  return role;
}

/** Plans that an account has a role, from its login on. */
export function planMember(
  catalog: MysqlCatalog,
  role: Account,
  account: Account,
  draft: MysqlDraft,
): void {
  const isMember = catalog.roleGrants.some((grant) =>
    isSameAccount(grant.role, role) && isSameAccount(grant.member, account)
  );
  draft.addUnless(isMember, { kind: "grant-role", role, account });
  const defaults = catalog.defaultRoles.filter((each) =>
    isSameAccount(each.account, account)
  ).map((each) => each.role);
  const isDefault = defaults.some((each) => isSameAccount(each, role));
  if (isDefault) return;
  // MariaDB has room for one.
  const kept = catalog.version.dialect === "mariadb" ? [] : defaults;
  draft.add({ kind: "default-roles", account, roles: [...kept, role] });
}
