import type { Loss } from "../../../../core/access/check/loss.ts";
import { matcher } from "../../../../core/access/selection.ts";
import type { PrivilegeWish, Wish } from "../../../../core/access/wish.ts";
import { DATABASES, HERE, ROLES, VIEWS } from "./names.ts";
import { type Fact, keyOf } from "./snapshot.ts";

/** What was asked for and said in a round. */
export interface Announced {
  readonly wish: Wish;
  /** Who asked. */
  readonly administrator: string;
  readonly losses: readonly Loss[];
  /** Whose password login ends. */
  readonly lockedOut: ReadonlySet<string>;
}

/** Something that is no longer so, or is so now. */
export interface Change {
  readonly what: "lost" | "gained";
  readonly fact: Fact;
}

/** What is so at one time. */
export type Facts = ReadonlyMap<string, Fact>;

/** The roles that the wish is about: what it takes from them was asked for. */
export function subjectsOf(wish: Wish): ReadonlySet<string> {
  return new Set(
    wish.kind === "revoke"
      ? [...wish.users, ...wish.grantees]
      : [...wish.users, ...(wish.group === null ? [] : [wish.group.name])],
  );
}

/** The roles that are gone afterwards. */
export function droppedOf(wish: Wish): ReadonlySet<string> {
  const isDropped = wish.kind === "revoke" && wish.remove?.dropRole === true;
  return new Set(isDropped ? wish.users : []);
}

function isMember(facts: Facts, role: string, of: string): boolean {
  return role === of ||
    ["USAGE", "SET", "ADMIN"].some((privilege) =>
      facts.has(keyOf({
        kind: "membership",
        role,
        on: "role",
        schema: null,
        name: of,
        part: null,
        privilege,
        grantOption: false,
      }))
    );
}

/** Whether it may log in at all: of who may not, no password stops working. */
function logsIn(facts: Facts, role: string): boolean {
  return facts.has(keyOf({
    kind: "login",
    role,
    on: "role",
    schema: null,
    name: role,
    part: null,
    privilege: "LOGIN",
    grantOption: false,
  }));
}

/** Whether a role had or has the same. */
function holds(facts: Facts, fact: Fact, role: string): boolean {
  return facts.has(keyOf({ ...fact, role }));
}

function includes(
  privileges: PrivilegeWish["privileges"],
  privilege: string | null,
): boolean {
  return privileges === "all" ||
    privileges.some((each) => each === privilege);
}

/** Whether a privilege, or what is seen by it, is what the wish names. */
function isWished(fact: Fact, wishes: readonly PrivilegeWish[]): boolean {
  const seen = fact.kind === "row" || fact.kind === "call";
  const privilege = fact.kind === "row"
    ? "SELECT"
    : fact.kind === "call"
    ? "EXECUTE"
    : fact.privilege;
  return wishes.some((wish) => {
    switch (wish.kind) {
      case "database":
        return fact.on === "database" && fact.name === HERE &&
          includes(wish.privileges, privilege);
      case "schema":
        return fact.on === "schema" && fact.name === wish.schema &&
            includes(wish.privileges, privilege) ||
          seen && fact.schema === wish.schema &&
            includes(wish.privileges, "USAGE");
      case "default":
        return fact.kind === "default-privilege" && fact.part === wish.owner &&
          fact.on === wish.objects && fact.schema === wish.schema &&
          includes(wish.privileges, privilege);
      default:
        return fact.kind !== "default-privilege" && fact.on === wish.kind &&
          fact.schema === wish.schema && includes(wish.privileges, privilege) &&
          (wish.names === "all" ||
            wish.names.some((name) => matcher(name)(fact.name)));
    }
  });
}

/** Whether it is beside this database: other databases, and what all of them share. */
function isOutside({ on, name }: Fact): boolean {
  return on === "tablespace" || on === "parameter" ||
    (on === "database" && name !== HERE &&
      DATABASES.some((each) => each === name));
}

/** Whether it is seen through a view or function of one's own, which can do what its owner can. */
function isSeenByOwner(before: Facts, fact: Fact): boolean {
  return isThrough(fact) &&
    holds(before, { ...fact, kind: "ownership", part: null }, fact.role);
}

function isThrough({ kind, schema, name }: Fact): boolean {
  return kind === "call" ||
    (kind === "row" && VIEWS.includes(`${schema}.${name}`));
}

/** What was asked to be taken from the roles that the wish is about. */
function isAskedFor(before: Facts, fact: Fact, wish: Wish): boolean {
  if (wish.kind !== "revoke") return false;
  const left = [
    ...(wish.users.includes(fact.role) ? wish.groups : []),
    ...(wish.users.includes(fact.role) && wish.iam ? ["rds_iam"] : []),
  ];
  if (left.some((group) => holds(before, fact, group))) return true;
  // A policy may ask whether one is in a group, which need not see the row itself.
  if (left.length > 0 && fact.kind === "row" && !isThrough(fact)) return true;
  switch (fact.kind) {
    case "login":
      return fact.privilege === "IAM" &&
        left.some((group) =>
          group === "rds_iam" || isMember(before, group, "rds_iam")
        );
    case "membership":
      // Whoever owns the database is a member by that alone.
      return wish.remove !== null && fact.name === "pg_database_owner" ||
        left.some((group) => isMember(before, group, fact.name));
    case "policy":
    case "attribute":
      return false;
    case "default-privilege":
      return wish.remove !== null || isWished(fact, wish.privileges);
    case "ownership":
      return wish.remove !== null && !isOutside(fact);
    default:
      return wish.remove !== null && !isOutside(fact) ||
        isWished(fact, wish.privileges) || isSeenByOwner(before, fact);
  }
}

/** Whether the announcement says that this goes or, for rows, may change. */
function covers(said: Loss, fact: Fact, before: Facts): boolean {
  if (said.role !== fact.role && said.role !== "PUBLIC") return false;
  const { object } = said;
  const isSame = fact.on === object.kind && fact.name === object.name &&
    fact.schema === object.schema;
  const isSeen = fact.kind === "row" || fact.kind === "call";
  const isIn = object.kind === "schema" && object.name === fact.schema;
  switch (said.kind) {
    case "login":
      return fact.kind === "login" && fact.privilege === "IAM";
    case "membership":
      if (fact.kind === "membership" && fact.name === object.name) return true;
      if (said.privilege === "ADMIN") return false;
      return isSeen || object.name.startsWith("pg_") ||
        holds(before, fact, object.name);
    case "privilege":
      if (said.grantOption && !fact.grantOption) return false;
      if (isSeen) {
        return isSame || isIn && said.privilege === "USAGE";
      }
      return fact.kind === "privilege" && isSame &&
        fact.privilege === said.privilege &&
        (object.column === null || object.column === fact.part);
    case "ownership":
      if (object.kind === "database" && fact.name === "pg_database_owner") {
        return true;
      }
      return isSame && (fact.kind === "ownership" || fact.grantOption ||
        fact.kind === "row");
    case "default-privilege":
      return fact.kind === "default-privilege" && object.name === fact.on &&
        (object.schema === null || object.schema === fact.schema) &&
        object.owner === fact.part && said.privilege === fact.privilege;
    case "function":
    case "view":
      return isSeen && fact.schema === object.schema &&
        fact.name === object.name;
    case "policy":
      return fact.schema === object.schema &&
        (fact.kind === "row" && fact.name === object.table ||
          fact.kind === "policy" && fact.part === object.table &&
            fact.name === object.name);
    default:
      return false;
  }
}

function isExpectedLoss(before: Facts, fact: Fact, said: Announced): boolean {
  const { wish } = said;
  const dropped = droppedOf(wish);
  if (dropped.has(fact.role)) return true;
  if (fact.kind === "default-privilege" && dropped.has(fact.part ?? "")) {
    return true;
  }
  if (fact.kind === "membership" && dropped.has(fact.name)) {
    // Whoever might have granted a role cannot do so any more when it is gone: that is no loss.
    if (fact.privilege === "ADMIN" || fact.role === said.administrator) {
      return true;
    }
  }
  return subjectsOf(wish).has(fact.role) && isAskedFor(before, fact, wish) ||
    said.losses.some((each) => covers(each, fact, before));
}

/** Whether it is seen through a view or function that has run with the rights of this role, or of a member, all along. */
function isSeenThrough(
  { before, after }: { readonly before: Facts; readonly after: Facts },
  fact: Fact,
  role: string,
): boolean {
  const ownership: Fact = { ...fact, kind: "ownership", part: null };
  return isThrough(fact) &&
    ROLES.some((owner) =>
      isMember(after, owner, role) && holds(before, ownership, owner)
    );
}

function isExpectedGain(
  facts: { readonly before: Facts; readonly after: Facts },
  fact: Fact,
  said: Announced,
): boolean {
  const { wish, administrator } = said;
  const { before, after } = facts;
  if (wish.kind === "revoke") {
    const to = wish.remove === null
      ? undefined
      : wish.remove.reassignTo ?? administrator;
    const takesOver = to !== undefined && fact.kind !== "login" &&
      fact.kind !== "default-privilege" && isMember(after, fact.role, to);
    return takesOver || (to !== undefined && isSeenThrough(facts, fact, to)) ||
      said.losses.some((each) =>
        each.kind !== "privilege" && covers(each, fact, before)
      );
  }
  if (fact.kind === "login" && !wish.users.includes(fact.role)) {
    return said.lockedOut.has(fact.role) || !logsIn(before, fact.role);
  }
  const through = [...subjectsOf(wish)].filter((subject) =>
    isMember(after, fact.role, subject)
  );
  // What a role is granted, its views and functions can do as well.
  const shows = [...subjectsOf(wish)].some((subject) =>
    isSeenThrough({ before, after }, fact, subject)
  );
  if (through.length === 0) return shows;
  if (fact.kind !== "privilege") return true;
  return isWished(fact, wish.privileges) ||
    (wish.group !== null && holds(before, fact, wish.group.name));
}

/** What changed for anybody without having been asked for or announced. */
export function unannounced(
  before: Facts,
  after: Facts,
  said: Announced,
): readonly Change[] {
  const lost = [...before.values()].filter((fact) => !after.has(keyOf(fact)));
  const gained = [...after.values()].filter((fact) => !before.has(keyOf(fact)));
  const unexpected = gained.filter((fact) =>
    !isExpectedGain({ before, after }, fact, said)
  );
  // A function that counts more for somebody counts no less.
  const countsMore = (fact: Fact) =>
    fact.kind === "call" &&
    gained.some((other) =>
      isSameCall(fact, other) && !unexpected.includes(other)
    );
  return [
    ...lost.filter((fact) =>
      !countsMore(fact) && !isExpectedLoss(before, fact, said)
    ).map((fact): Change => ({ what: "lost", fact })),
    ...unexpected.map((fact): Change => ({ what: "gained", fact })),
  ];
}

function isSameCall(one: Fact, other: Fact): boolean {
  return keyOf({ ...one, part: null }) === keyOf({ ...other, part: null });
}

/** Announced losses that did not come true: those who read of them were alarmed for nothing. */
export function falseAlarms(
  before: Facts,
  after: Facts,
  said: Announced,
): readonly Loss[] {
  const lost = [...before].filter(([key]) => !after.has(key))
    .map(([, fact]) => fact);
  return said.losses.filter((each) =>
    !lost.some((fact) => covers(each, fact, before))
  );
}

/** What a revocation was to take and did not, from those it was to be taken from. */
export function stillHeld(after: Facts, wish: Wish): readonly Fact[] {
  if (wish.kind !== "revoke") return [];
  const dropped = droppedOf(wish);
  return [...after.values()].filter((fact) =>
    (fact.kind === "privilege" || fact.kind === "default-privilege") &&
    wish.grantees.includes(fact.role) && !dropped.has(fact.role) &&
    // What somebody will create is its own.
    fact.part !== fact.role && isWished(fact, wish.privileges)
  );
}
