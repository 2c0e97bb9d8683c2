import { type Catalog, findRole } from "../catalog.ts";
import { createdRoles, rolesAfter } from "../effect.ts";
import { displayName } from "../identifier.ts";
import {
  any,
  type Follow,
  membershipsOf,
  membersOf,
  usable,
} from "../membership.ts";
import type { Plan } from "../plan.ts";
import { RDS_IAM } from "../role_name.ts";

/** Somebody who could no longer log in as before. */
export interface Lockout {
  /** `refuse`: never do it. `force`: only when told to. `warn`: say so and do it. */
  readonly severity: "refuse" | "force" | "warn";
  readonly kind:
    /** The administrator would have to log in with a token. */
    | "administrator"
    /** The administrator logs in with a token and could no longer. */
    | "administrator-token"
    /** The administrator becomes a member by ADMIN alone; only a second login can tell whether RDS counts that. */
    | "administrator-admin-option"
    /** Others who would lose their password login with the user. */
    | "members"
    /** Others who are members by ADMIN alone. */
    | "members-admin-option"
    /** A password that is in use. */
    | "password-in-use"
    /** A role that may have a password; nothing shows it in use. */
    | "password-unknown";
  /** Who. */
  readonly roles: readonly string[];
  readonly message: string;
  /** What it costs whom, where `force` takes it; the message has it, too. */
  readonly cost?: string;
  readonly hint: string;
}

interface Change {
  /** Roles that come into `rds_iam` for sure. */
  readonly gained: ReadonlySet<string>;
  /** Roles that come into it by an ADMIN option alone. */
  readonly perhaps: ReadonlySet<string>;
  /** Roles that leave it. */
  readonly lost: ReadonlySet<string>;
}

function changeOf(catalog: Catalog, plan: Plan): Change {
  const before = membershipsOf(catalog);
  const after = membershipsOf(rolesAfter(catalog, plan.steps));
  function difference(follow: Follow) {
    const had = membersOf(before, RDS_IAM, follow);
    const has = membersOf(after, RDS_IAM, follow);
    return { gained: has.difference(had), lost: had.difference(has) };
  }
  const sure = difference(usable);
  return {
    gained: sure.gained,
    perhaps: difference(any).gained.difference(sure.gained),
    lost: sure.lost,
  };
}

function names(roles: readonly string[]): string {
  return roles.map(displayName).join(", ");
}

/** What is done with `--force` alone. */
function forced(what: string, cost: string) {
  return {
    severity: "force",
    message: `${what} was refused: ${cost}`,
    cost,
  } as const;
}

function administratorLockouts(
  catalog: Catalog,
  change: Change,
): readonly Lockout[] {
  const admin = catalog.sessionUser;
  const found: Lockout[] = [];
  const shared = { roles: [admin] };
  if (change.gained.has(admin)) {
    found.push({
      ...shared,
      severity: "refuse",
      kind: "administrator",
      message: `Granting ${RDS_IAM} was refused: ${
        displayName(admin)
      }, who is logged in, would become a member of it and could log in with IAM tokens alone`,
      hint:
        "Give IAM logins roles of their own, which no administrator is a member of",
    });
  }
  if (change.perhaps.has(admin)) {
    found.push({
      ...shared,
      severity: "warn",
      kind: "administrator-admin-option",
      message: `${
        displayName(admin)
      } will have the ADMIN option on a member of ${RDS_IAM}, which stock PostgreSQL 16 counts as membership`,
      hint: "Check that it can still log in before its session ends",
    });
  }
  if (change.lost.has(admin)) {
    found.push({
      ...shared,
      kind: "administrator-token",
      ...forced(
        `Revoking ${RDS_IAM}`,
        `${
          displayName(admin)
        }, who is logged in, could no longer log in with IAM tokens`,
      ),
      hint:
        "Log in as another administrator, or add --force if it has a password",
    });
  }
  return found;
}

/** The wished users that exist already and so may have logged in with a password until now. */
function passwordLockouts(
  catalog: Catalog,
  users: readonly string[],
): readonly Lockout[] {
  return users.flatMap((user): Lockout[] => {
    const role = findRole(catalog, user);
    if (role === undefined || !role.login || role.passwordExpired) return [];
    const who = displayName(user);
    if (role.sessions === 0) {
      return [{
        severity: "warn",
        kind: "password-unknown",
        roles: [user],
        message:
          `${who} logs in with IAM tokens alone from now on: if it has a password, that stops working`,
        hint: "Whether a role has a password cannot be read on RDS",
      }];
    }
    const sessions = role.sessions === 1
      ? "an open session"
      : `${role.sessions} open sessions`;
    return [{
      kind: "password-in-use",
      roles: [user],
      ...forced(
        `Granting ${RDS_IAM}`,
        `${who} has ${sessions} that a password opened, and its password would stop working`,
      ),
      hint:
        "Give IAM logins a role of their own, or add --force when nothing needs the password any more",
    }];
  });
}

function memberLockouts(
  catalog: Catalog,
  change: Change,
  users: ReadonlySet<string>,
): readonly Lockout[] {
  const isOther = (name: string) =>
    !users.has(name) && name !== catalog.sessionUser &&
    findRole(catalog, name)?.login === true;
  const others = [...change.gained].filter(isOther).sort();
  const perhaps = [...change.perhaps].filter(isOther).sort();
  const found: Lockout[] = [];
  if (others.length > 0) {
    found.push({
      kind: "members",
      roles: others,
      ...forced(
        `Granting ${RDS_IAM}`,
        `it reaches ${names(others)} through membership, and ${
          others.length === 1 ? "its password" : "their passwords"
        } would stop working`,
      ),
      hint: "Give IAM logins roles that nobody is a member of, or add --force",
    });
  }
  if (perhaps.length > 0) {
    found.push({
      severity: "warn",
      kind: "members-admin-option",
      roles: perhaps,
      message: `${
        names(perhaps)
      } will have the ADMIN option on a member of ${RDS_IAM}, which stock PostgreSQL 16 counts as membership`,
      hint: "Check that they can still log in with a password",
    });
  }
  return found;
}

/**
 * Whom the plan locks out. RDS takes no password from a member of `rds_iam`, direct or nested, so this compares its
 * members before and after. What is there already is no change: an administrator who is in `rds_iam` came with a token.
 */
export function lockoutsOf(catalog: Catalog, plan: Plan): readonly Lockout[] {
  const change = changeOf(catalog, plan);
  const created = createdRoles(plan);
  const users = new Set(
    plan.steps.flatMap((step) =>
      step.kind === "grant-membership" && step.role === RDS_IAM
        ? [step.member]
        : []
    ),
  );
  const existing = [...users].filter((user) =>
    !created.has(user) && user !== catalog.sessionUser &&
    change.gained.has(user)
  );
  return [
    ...administratorLockouts(catalog, change),
    ...memberLockouts(catalog, change, users),
    ...passwordLockouts(catalog, existing),
  ];
}
