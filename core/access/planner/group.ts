import { RdsiamError } from "../../errors.ts";
import { type Catalog, findRole } from "../catalog.ts";
import { displayName } from "../identifier.ts";
import { any, membershipsOf, rolesOf } from "../membership.ts";
import { checkRoleName, RDS_IAM } from "../role_name.ts";

interface Problem {
  readonly why: string;
  readonly hint: string;
}

function problemOf(
  catalog: Catalog,
  group: string,
  users: readonly string[],
): Problem | undefined {
  const above = rolesOf(membershipsOf(catalog), group, any);
  if (users.includes(group)) {
    return {
      why: "it is also one of the users",
      hint: "Choose another name for the group",
    };
  }
  if (above.has(RDS_IAM)) {
    return {
      why:
        `it is a member of ${RDS_IAM}, which belongs on login roles only: every member of the group loses its password login`,
      hint: `Use another group, or take it out of ${RDS_IAM} first`,
    };
  }
  if (group === catalog.sessionUser || group === catalog.currentUser) {
    return {
      why:
        "it is the administrator, whose rights the users would get with the privileges",
      hint: "Choose a NOLOGIN role that holds nothing else",
    };
  }
  if (findRole(catalog, group)?.login === true) {
    return {
      why: "it can log in, and a group is a NOLOGIN role",
      hint: "Choose another role, or leave --group out",
    };
  }
  const below = users.find((user) => above.has(user));
  if (below !== undefined) {
    return {
      why: `it is itself a member of ${displayName(below)}`,
      hint: "Choose another role",
    };
  }
  return undefined;
}

/**
 * Refuses a role that cannot stand between the users and their privileges.
 *
 * @throws {RdsiamError} `usage`, with the reason.
 */
export function checkGroup(
  catalog: Catalog,
  group: string,
  users: readonly string[],
): void {
  checkRoleName(group);
  const problem = problemOf(catalog, group, users);
  if (problem === undefined) return;
  throw new RdsiamError(
    "usage",
    `Group ${displayName(group)} cannot be used: ${problem.why}`,
    { hint: problem.hint },
  );
}
