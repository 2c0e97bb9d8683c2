import type {
  AclEntry,
  Catalog,
  Membership,
  SchemaObject,
  Securable,
} from "../../../core/access/catalog.ts";
import type { On, Plan, Step } from "../../../core/access/plan.ts";
import { role } from "./fixtures.ts";

type PrivilegeStep = Extract<
  Step,
  { kind: "grant-privileges" | "revoke-privileges" }
>;
type DefaultStep = Extract<
  Step,
  { kind: "grant-default-privileges" | "revoke-default-privileges" }
>;

function isOn(object: Securable, on: On): boolean {
  if (object.kind !== on.kind) return false;
  if (on.kind === "database") return true;
  if (on.kind === "schema") return object.name === on.name;
  const { schema, name, argumentTypes } = object as SchemaObject;
  return schema === on.schema &&
    (on.objects === "all" ||
      on.objects.some((wanted) =>
        wanted.name === name &&
        JSON.stringify(wanted.argumentTypes) === JSON.stringify(argumentTypes)
      ));
}

function without(
  entries: readonly AclEntry[],
  grantee: string,
  privileges: readonly string[],
  grantors: readonly string[] | null,
) {
  return entries.filter((entry) =>
    entry.grantee !== grantee || !privileges.includes(entry.privilege) ||
    grantors?.includes(entry.grantor) === false
  );
}

function onObject<T extends Securable>(
  object: T,
  step: PrivilegeStep,
  current: string,
): T {
  if (!isOn(object, step.on)) return object;
  if (step.kind === "grant-privileges") {
    const added = step.privileges.map((privilege) => ({
      grantee: step.grantee,
      privilege,
      grantable: false,
      grantor: object.owner,
    }));
    return { ...object, acl: [...object.acl, ...added] };
  }
  const grantors = step.as === null ? [object.owner, current] : [step.as];
  return {
    ...object,
    acl: without(object.acl, step.grantee, step.privileges, grantors),
  };
}

function onSecurables(
  catalog: Catalog,
  change: <T extends Securable>(object: T) => T,
): Catalog {
  return {
    ...catalog,
    database: change(catalog.database),
    schemas: catalog.schemas.map(change),
    objects: catalog.objects.map(change),
  };
}

function onDefaults(catalog: Catalog, step: DefaultStep): Catalog {
  const isRow = (row: Catalog["defaultAcls"][number]) =>
    row.owner === step.owner && row.schema === step.schema &&
    row.objects === step.objects;
  const existing = catalog.defaultAcls.find(isRow);
  const before = existing?.acl ?? [];
  const acl = step.kind === "revoke-default-privileges"
    ? without(before, step.grantee, step.privileges, null)
    : [
      ...before,
      ...step.privileges.map((privilege) => ({
        grantee: step.grantee,
        privilege,
        grantable: false,
        grantor: step.owner,
      })),
    ];
  const { owner, schema, objects } = step;
  return {
    ...catalog,
    defaultAcls: [
      ...catalog.defaultAcls.filter((row) => !isRow(row)),
      ...(acl.length === 0 ? [] : [{ owner, schema, objects, acl }]),
    ],
  };
}

function rename(object: Securable, from: string, to: string) {
  const name = (role: string) => role === from ? to : role;
  return {
    ...object,
    owner: name(object.owner),
    acl: object.acl.map((entry) => ({
      ...entry,
      grantor: name(entry.grantor),
    })),
  };
}

/** What PostgreSQL would do, on the catalog as data. */
function applyStep(catalog: Catalog, step: Step): Catalog {
  const optionsCount = catalog.serverVersion >= 160000;
  const self = catalog.currentUser;
  switch (step.kind) {
    case "create-role": {
      const superuser = catalog.roles.find(({ name }) => name === self)
        ?.superuser;
      const creator: Membership = {
        role: step.role,
        member: self,
        grantor: "rdsadmin",
        admin: true,
        inherit: false,
        set: false,
      };
      return {
        ...catalog,
        roles: [...catalog.roles, role(step.role, { login: step.login })],
        memberships: optionsCount && !superuser
          ? [...catalog.memberships, creator]
          : catalog.memberships,
      };
    }
    case "allow-login":
      return {
        ...catalog,
        roles: catalog.roles.map((each) =>
          each.name === step.role ? { ...each, login: true } : each
        ),
      };
    case "grant-membership": {
      const inherits = catalog.roles.find(({ name }) => name === step.member)
        ?.inherit ?? true;
      return {
        ...catalog,
        memberships: [...catalog.memberships, {
          role: step.role,
          member: step.member,
          grantor: self,
          admin: false,
          inherit: inherits || step.inherit,
          set: true,
        }],
      };
    }
    case "revoke-membership":
      return {
        ...catalog,
        memberships: catalog.memberships.filter((each) =>
          each.role !== step.role || each.member !== step.member ||
          (optionsCount && each.grantor !== (step.grantor ?? self))
        ),
      };
    case "grant-privileges":
    case "revoke-privileges":
      return onSecurables(
        catalog,
        (object) => onObject(object, step, self),
      );
    case "grant-default-privileges":
    case "revoke-default-privileges":
      return onDefaults(catalog, step);
    case "reassign-owned":
      return onSecurables(
        catalog,
        <T extends Securable>(object: T): T => ({
          ...object,
          ...rename(object, step.role, step.to),
        }),
      );
    case "drop-owned":
      return {
        ...onSecurables(catalog, (object) => ({
          ...object,
          acl: object.acl.filter(({ grantee }) => grantee !== step.role),
        })),
        defaultAcls: catalog.defaultAcls
          .filter(({ owner }) => owner !== step.role)
          .map((row) => ({
            ...row,
            acl: row.acl.filter(({ grantee }) => grantee !== step.role),
          })),
        dependents: catalog.dependents.filter((each) =>
          each.role !== step.role ||
          (each.database !== null && each.database !== catalog.database.name)
        ),
      };
    case "drop-role":
      return {
        ...catalog,
        roles: catalog.roles.filter(({ name }) => name !== step.role),
        memberships: catalog.memberships.filter((each) =>
          each.role !== step.role && each.member !== step.role
        ),
      };
  }
}

/** The catalog after these steps. */
export function applySteps(
  catalog: Catalog,
  steps: readonly Step[],
): Catalog {
  return steps.reduce(applyStep, catalog);
}

/** The catalog after the plan. */
export function applyPlan(catalog: Catalog, plan: Plan): Catalog {
  return applySteps(catalog, plan.steps);
}
