import type { Catalog, DefaultAcl } from "../catalog.ts";
import { catalogAfter } from "../object_effect.ts";
import { securablesOf } from "../objects_of.ts";
import type { Plan } from "../plan.ts";
import type { Privilege } from "../privilege.ts";
import { Rights } from "../rights.ts";
import { functionLosses } from "./function_losses.ts";
import {
  type Comparison,
  type Found,
  type Loss,
  lossObject,
  ofSecurable,
} from "./loss.ts";
import { membershipLosses } from "./membership_losses.ts";
import { gone, objectLosses } from "./object_losses.ts";
import { viewLosses } from "./view_losses.ts";

function defaultLosses(
  { before, after, had, has, roles }: Comparison,
): readonly Found[] {
  const there = has.names;
  const isSame = (one: DefaultAcl, other: DefaultAcl) =>
    one.owner === other.owner && one.schema === other.schema &&
    one.objects === other.objects;
  return before.defaultAcls.flatMap((row) => {
    if (!there.has(row.owner)) return []; // nobody creates anything any more
    const left = after.defaultAcls.find((other) => isSame(row, other))?.acl ??
      [];
    const keeps = (role: string, privilege: Privilege) =>
      left.some((entry) =>
        entry.privilege === privilege &&
        (entry.grantee === null || has.rolesOf(role).has(entry.grantee))
      );
    return row.acl.flatMap(({ grantee, privilege }) => {
      const members = grantee === null ? new Set() : had.membersOf(grantee);
      const losing = grantee === null
        ? left.some((entry) =>
            entry.grantee === null && entry.privilege === privilege
          )
          ? []
          : ["PUBLIC"]
        : roles.filter((role) =>
          members.has(role) && role !== row.owner && !keeps(role, privilege)
        );
      return losing.map((role): Found => ({
        role,
        kind: "default-privilege",
        privilege,
        grantOption: false,
        object: lossObject({
          kind: "default",
          schema: row.schema,
          name: row.objects,
          owner: row.owner,
        }),
      }));
    });
  });
}

/** What leavers lose beside what was asked for. */
function outsideLosses(
  before: Catalog,
  after: Catalog,
  plan: Plan,
): readonly Found[] {
  const subjects = new Set(plan.subjects);
  const shared = before.shared.flatMap((object, index): Found[] => {
    const now = after.shared[index];
    if (now === undefined || now === object) return [];
    const on = { grantOption: false, object: ofSecurable(object) };
    if (now.owner !== object.owner) {
      const kind = "ownership" as const;
      return [{ ...on, role: object.owner, kind, privilege: null }];
    }
    return gone(object, now).flatMap(({ grantee, privilege }): Found[] =>
      grantee !== null && subjects.has(grantee)
        ? [{ ...on, role: grantee, kind: "privilege", privilege }]
        : []
    );
  });
  const policies = plan.steps.flatMap((step): Found[] =>
    step.kind !== "narrow-policy" ? [] : step.from.map((role) => ({
      role,
      kind: "policy",
      privilege: null,
      grantOption: false,
      object: lossObject({
        kind: "policy",
        schema: step.schema,
        name: step.name,
        table: step.table,
      }),
    }))
  );
  return [...shared, ...policies];
}

/**
 * What the plan takes from anybody beyond what was asked for: logins, memberships, privileges, ownership and rows of all
 * other roles, and what a role to be dropped has outside of this database.
 */
export function lossesOf(catalog: Catalog, plan: Plan): readonly Loss[] {
  if (plan.subjects.length === 0) return [];
  const before = catalog;
  const after = catalogAfter(catalog, plan.steps);
  const subjects = new Set(plan.subjects);
  const [had, has] = [new Rights(before), new Rights(after)];
  const there = has.names;
  // PostgreSQL's own roles are nobody; whoever is a member of one is named.
  const all = before.roles.map(({ name }) => name).filter((name) =>
    there.has(name) && !had.isSuperuser(name) && !name.startsWith("pg_")
  );
  const roles = all.filter((name) => !subjects.has(name));
  const leavers = all.filter((name) => subjects.has(name));
  const comparison: Comparison = { before, after, had, has, roles, leavers };
  const left = securablesOf(after);
  const found = [
    ...membershipLosses(comparison),
    ...securablesOf(before).flatMap((object, index) => {
      const now = left[index];
      return now === undefined || now === object
        ? []
        : objectLosses(object, now, comparison);
    }),
    ...viewLosses(comparison),
    ...functionLosses(comparison),
    ...defaultLosses(comparison),
  ];
  const losses = [
    ...found.map((loss): Loss => ({
      ...loss,
      outside: false,
      // The administrator asks for it, and has its login judged elsewhere.
      force: loss.role !== catalog.currentUser || loss.privilege === "CONNECT",
    })),
    ...outsideLosses(before, after, plan).map((loss): Loss => ({
      ...loss,
      outside: true,
      force: true,
    })),
  ];
  // The catalog has no order of its own.
  const keyed = losses.map((loss) => {
    const { role, kind, privilege, object } = loss;
    const { schema, name } = object;
    const key = [role, object.kind, schema ?? "", name, kind, privilege];
    return { key: JSON.stringify(key), loss };
  });
  return keyed.toSorted((one, other) => one.key < other.key ? -1 : 1)
    .map(({ loss }) => loss);
}
