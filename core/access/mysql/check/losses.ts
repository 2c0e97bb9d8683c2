import { displayName } from "../../identifier.ts";
import { describeSome } from "../../name_some.ts";
import { type Account, displayAccount, isSameAccount } from "../account.ts";
import {
  type Defined,
  findAccount,
  type Holding,
  type MysqlCatalog,
} from "../catalog.ts";
import { describeHolding } from "../describe_plan.ts";
import { countingOn, globalsOf, heldOn } from "../holdings.ts";
import { matchesDatabase } from "../pattern.ts";
import type { MysqlPlan, MysqlStep } from "../plan.ts";

/** Something that a plan takes beside what it was asked to take, or from somebody else. */
export interface MysqlLoss {
  readonly account: Account;
  readonly kind:
    /** Held on something that was not named, and lost with the account. */
    | "outside"
    /** Held through a role, or an account that serves as one. */
    | "member"
    /** What runs with the rights of an account that has others now, or is gone: everybody's who uses it. */
    | "definer"
    /** A role that is no longer active from the login on. */
    | "default-role";
  readonly privileges: readonly string[];
  /** Null: everywhere. */
  readonly on: Holding | Defined | null;
  /** Of a role. */
  readonly role: Account | null;
  /** Without force, the plan is refused for it. */
  readonly force: boolean;
}

type Step<Kind extends MysqlStep["kind"]> = Extract<
  MysqlStep,
  { readonly kind: Kind }
>;

/** All who have the role, directly or through others. */
function membersOf(
  { roleGrants }: MysqlCatalog,
  role: Account,
): readonly Account[] {
  const found: Account[] = [];
  const pending = [role];
  for (const each of pending) {
    for (
      const { member } of roleGrants.filter((grant) =>
        isSameAccount(grant.role, each)
      )
    ) {
      if (found.some((known) => isSameAccount(known, member))) continue;
      found.push(member);
      pending.push(member);
    }
  }
  return found;
}

/** Whether somebody holds a privilege without the role: on the same, on the database, or everywhere. */
function holdsItself(
  catalog: MysqlCatalog,
  account: Account,
  on: Holding,
  privilege: string,
): boolean {
  if (globalsOf(catalog, account).includes(privilege)) return true;
  if (heldOn(catalog, account, on)?.privileges.includes(privilege)) return true;
  return on.kind !== "database" &&
    countingOn(catalog, account, on.database).privileges.includes(privilege);
}

function memberLosses(
  catalog: MysqlCatalog,
  { account, on, privileges }: Pick<
    Step<"revoke">,
    "account" | "on" | "privileges"
  >,
): readonly MysqlLoss[] {
  return membersOf(catalog, account).flatMap((member): MysqlLoss[] => {
    const lost = privileges.filter((each) =>
      !holdsItself(catalog, member, on, each)
    );
    return lost.length === 0 ? [] : [{
      account: member,
      kind: "member",
      privileges: lost,
      on,
      role: account,
      force: true,
    }];
  });
}

/** A name that was written without its escapes opens other databases, too. */
function wideLosses(
  catalog: MysqlCatalog,
  { account, on, privileges }: Step<"revoke">,
): readonly MysqlLoss[] {
  if (on.kind !== "database" || on.name !== null) return [];
  const { pattern } = on;
  return catalog.databases.filter((name) =>
    name !== pattern && matchesDatabase(pattern, name, catalog.isLiteral)
  ).map((name): MysqlLoss => ({
    account,
    kind: "outside",
    privileges,
    on: { ...on, name },
    role: null,
    force: true,
  }));
}

function definerLosses(
  { defined }: MysqlCatalog,
  account: Account,
): readonly MysqlLoss[] {
  return defined.filter(({ definer }) => isSameAccount(definer, account)).map((
    on,
  ): MysqlLoss => ({
    account,
    kind: "definer",
    privileges: [],
    on,
    role: null,
    force: true,
  }));
}

/** What goes with an account beside what it holds on the databases that are named. */
function dropLosses(
  catalog: MysqlCatalog,
  account: Account,
  databases: readonly string[],
): readonly MysqlLoss[] {
  const held = catalog.held.filter((each) =>
    isSameAccount(each.account, account)
  );
  const isNamed = (on: Holding) => {
    const database = on.kind === "database" ? on.name : on.database;
    return database !== null && databases.includes(database);
  };
  const outside = [
    {
      on: null,
      privileges: findAccount(catalog, account)?.globals ?? [],
      ofColumns: [],
    },
    ...held.filter(({ on }) => !isNamed(on)),
  ].map(({ on, privileges, ofColumns }): MysqlLoss => ({
    account,
    kind: "outside",
    privileges: [...new Set([...privileges, ...ofColumns])],
    on,
    role: null,
    force: true,
  }));
  return [
    ...outside.filter(({ privileges }) => privileges.length > 0),
    ...held.flatMap((each) => memberLosses(catalog, { ...each, account })),
    ...definerLosses(catalog, account),
  ];
}

function defaultRoleLosses(
  { defaultRoles }: MysqlCatalog,
  { account, roles }: Step<"default-roles">,
  left: readonly Account[],
): readonly MysqlLoss[] {
  return defaultRoles.filter((each) =>
    isSameAccount(each.account, account) &&
    ![...roles, ...left].some((role) => isSameAccount(role, each.role))
  ).map(({ role }): MysqlLoss => ({
    account,
    kind: "default-role",
    privileges: [],
    on: null,
    role,
    force: true,
  }));
}

/** What the plan takes beyond what was asked for. */
export function mysqlLosses(
  catalog: MysqlCatalog,
  plan: MysqlPlan,
): readonly MysqlLoss[] {
  const dropped = plan.steps.filter((step) => step.kind === "drop-account")
    .map(({ account }) => account);
  const isDropped = (account: Account) =>
    dropped.some((each) => isSameAccount(each, account));
  const found = plan.steps.flatMap((step): readonly MysqlLoss[] => {
    switch (step.kind) {
      case "revoke":
        return isDropped(step.account) ? [] : [
          ...memberLosses(catalog, step),
          ...wideLosses(catalog, step),
          ...definerLosses(catalog, step.account),
        ];
      case "drop-account":
        return dropLosses(catalog, step.account, plan.databases);
      case "default-roles": {
        const left = plan.steps.flatMap((each) =>
          each.kind === "revoke-role" &&
            isSameAccount(each.account, step.account)
            ? [each.role]
            : []
        );
        return defaultRoleLosses(catalog, step, left);
      }
      default:
        return [];
    }
  });
  const seen = new Set<string>();
  return found.filter((loss) => {
    // Who is dropped as well loses nothing more.
    if (loss.kind === "member" && isDropped(loss.account)) return false;
    const key = describeMysqlLoss(loss);
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

/** A loss as a line for people. */
export function describeMysqlLoss(
  { account, kind, privileges, on, role }: MysqlLoss,
): string {
  const who = displayAccount(account);
  const what = privileges.join(", ");
  switch (kind) {
    case "outside":
      return `${who} loses ${what} on ${
        on === null || "definer" in on ? "all databases" : describeHolding(on)
      }, which was not named`;
    case "member":
      return `${who} loses ${what} on ${
        on === null || "definer" in on ? "all databases" : describeHolding(on)
      }, which it has through ${
        role === null ? "a role" : displayAccount(role)
      }`;
    case "definer":
      return on !== null && "definer" in on
        ? `everybody may lose what ${on.kind} ${
          displayName(on.name)
        } of database ${
          displayName(on.database)
        } does with the rights of ${who}`
        : "";
    case "default-role":
      return `${who} no longer has role ${
        role === null ? "" : displayAccount(role)
      } from its login on: the server has room for one`;
  }
}

/** Losses in one line: the first few, and how many more there are. */
export function describeMysqlLosses(losses: readonly MysqlLoss[]): string {
  return describeSome(losses.map(describeMysqlLoss));
}
