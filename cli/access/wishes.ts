import { CONNECT } from "../../core/access/preset.ts";
import { checkRoleName } from "../../core/access/role_name.ts";
import type { GrantWish, RevokeWish } from "../../core/access/wish.ts";
import { RdsiamError } from "../../core/errors.ts";
import type {
  AccessOptions,
  RevokeOptions,
  SetupDbOptions,
} from "./options.ts";
import { readPrivileges } from "./privilege_options.ts";

/**
 * What `setup-db` wishes for these users.
 *
 * @throws {RdsiamError} `usage`, when the options do not go together
 */
export function setupWish(
  users: readonly string[],
  options: SetupDbOptions,
): GrantWish {
  requireUsers(users);
  for (const user of users) checkRoleName(user);
  const { group, createRdsIam = false } = options;
  return {
    kind: "grant",
    users,
    createUsers: true,
    iam: true,
    createRdsIam,
    group: group === undefined ? null : { name: group, create: true },
    privileges: [CONNECT, ...readPrivileges(options)],
  };
}

/**
 * What `grant` wishes for these users.
 *
 * @throws {RdsiamError} `usage`, when the options do not go together
 */
export function grantWish(
  users: readonly string[],
  options: AccessOptions,
): GrantWish {
  const privileges = readPrivileges(options);
  const { group } = options;
  checkGrant(users, options, privileges.length > 0);
  return {
    kind: "grant",
    users,
    createUsers: false,
    iam: false,
    createRdsIam: false,
    group: group === undefined ? null : { name: group, create: false },
    privileges,
  };
}

/**
 * What `revoke` wishes for these users.
 *
 * @throws {RdsiamError} `usage`, when the options do not go together
 */
export function revokeWish(
  users: readonly string[],
  options: RevokeOptions,
): RevokeWish {
  const { iam = false, group, all, dropRole = false } = options;
  const privileges = readPrivileges(options);
  const isRemoval = all === true || dropRole;
  checkRevoke(options, { isRemoval, hasPrivileges: privileges.length > 0 });
  const fromGroup = group !== undefined && privileges.length > 0;
  if (!fromGroup) requireUsers(users);
  return {
    kind: "revoke",
    users: fromGroup ? [] : users,
    iam,
    groups: group === undefined || fromGroup ? [] : [group],
    grantees: fromGroup ? [group] : users,
    privileges,
    remove: isRemoval
      ? { reassignTo: options.reassignTo ?? null, dropRole }
      : null,
  };
}

/**
 * Refuses a grant of nothing, or to nobody.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkGrant(
  users: readonly string[],
  { group }: AccessOptions,
  hasPrivileges: boolean,
): void {
  if (!hasPrivileges && group === undefined) {
    throw new RdsiamError("usage", "Nothing to grant is named", {
      hint: "Add --preset, --grant-public-crud, --privileges or --group",
    });
  }
  if (group === undefined) requireUsers(users);
}

/**
 * Refuses a revocation of nothing, and options that do not go together.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkRevoke(
  { iam, group, user, reassignTo }: RevokeOptions,
  { isRemoval, hasPrivileges }: { isRemoval: boolean; hasPrivileges: boolean },
): void {
  if (!iam && !isRemoval && !hasPrivileges && group === undefined) {
    throw new RdsiamError("usage", "Nothing to revoke is named", {
      hint: "Add --preset, --privileges, --group, --iam, --all or --drop-role",
    });
  }
  if (reassignTo !== undefined && !isRemoval) {
    throw new RdsiamError("usage", "--reassign-to needs --all or --drop-role");
  }
  if (group === undefined || !hasPrivileges) return;
  if (user !== undefined || iam || isRemoval) {
    throw new RdsiamError(
      "usage",
      "--group with privileges takes them from the role, and so from every member",
      { hint: "Use --user, --iam and the like in a separate run" },
    );
  }
}

/**
 * Refuses to go on without a user.
 *
 * @throws {RdsiamError} `usage`, when none is named
 */
export function requireUsers(users: readonly string[]): void {
  if (users.length > 0) return;
  throw new RdsiamError("usage", "User is missing", {
    hint: "Name the database user with --user, or -U",
  });
}
