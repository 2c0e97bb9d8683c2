import { ownedBy, revokeEntries } from "./acl.ts";
import type { Catalog, DefaultAcl, Securable } from "./catalog.ts";
import { rolesAfter } from "./effect.ts";
import { isOn, isSchemaObject } from "./objects_of.ts";
import type { Step } from "./plan.ts";

type StepOf<Kind extends Step["kind"]> = Extract<Step, { kind: Kind }>;

/** Changes what privileges are held on. What stays as it is stays the same object. */
function changeSecurables(
  catalog: Catalog,
  change: <Object extends Securable>(object: Object) => Object,
): Catalog {
  return {
    ...catalog,
    database: change(catalog.database),
    schemas: catalog.schemas.map(change),
    objects: catalog.objects.map(change),
    further: catalog.further.map(change),
    others: catalog.others.map(change),
    shared: catalog.shared.map(change),
  };
}

function revokedFrom(
  catalog: Catalog,
  { on, grantor, grantee, privileges }: StepOf<"revoke-privileges">,
): Catalog {
  const isMeant = isOn(on);
  return changeSecurables(catalog, (object) => {
    if (!isMeant(object)) return object;
    const { owner } = object;
    const revocation = { grantee, privileges, grantor: grantor ?? owner };
    const acl = revokeEntries(object.acl, owner, revocation);
    if (!isSchemaObject(object)) return { ...object, acl };
    // A column's list is one of its own.
    const columns = [...Map.groupBy(object.columns, ({ column }) => column)]
      .flatMap(([_, entries]) => revokeEntries(entries, owner, revocation));
    return { ...object, acl, columns };
  });
}

function keptOn(
  catalog: Catalog,
  step: StepOf<"keep-privileges">,
): Catalog {
  const isMeant = isOn(step.on);
  const { column, grantee, grantOption: grantable } = step;
  return changeSecurables(catalog, (object) => {
    if (!isMeant(object)) return object;
    const grantor = step.by ?? object.owner;
    const entries = step.privileges.map((privilege) => ({
      grantee,
      privilege,
      grantable,
      grantor,
    }));
    if (column === null) return { ...object, acl: [...object.acl, ...entries] };
    if (!isSchemaObject(object)) return object;
    const added = entries.map((entry) => ({ column, ...entry }));
    return { ...object, columns: [...object.columns, ...added] };
  });
}

function reowned(
  catalog: Catalog,
  { role, to, only }: StepOf<"reassign-owned">,
): Catalog {
  const after = changeSecurables(
    catalog,
    (object) =>
      object.owner !== role ? object : {
        ...object,
        owner: to,
        acl: ownedBy(object.acl, role, to),
        ...(isSchemaObject(object) && {
          columns: ownedBy(object.columns, role, to),
        }),
      },
  );
  const left = new Set(only ?? []);
  const owned = catalog.owned.filter((object) =>
    object.role !== role || only !== null && !left.has(object)
  );
  const shared = only === null ? after.shared : catalog.shared;
  return { ...after, owned, shared };
}

function withDefaults(
  catalog: Catalog,
  step: StepOf<"grant-default-privileges" | "revoke-default-privileges">,
): Catalog {
  const { owner, schema, objects, grantee, privileges } = step;
  const isRow = (row: DefaultAcl) =>
    row.owner === owner && row.schema === schema && row.objects === objects;
  const before = catalog.defaultAcls.find(isRow)?.acl ?? [];
  const acl = step.kind === "revoke-default-privileges"
    ? before.filter((entry) =>
      entry.grantee !== grantee || !privileges.includes(entry.privilege)
    )
    : [
      ...before,
      ...privileges.map((privilege) => ({
        grantee,
        privilege,
        grantable: false,
        grantor: owner,
      })),
    ];
  const others = catalog.defaultAcls.filter((row) => !isRow(row));
  return {
    ...catalog,
    defaultAcls: acl.length === 0
      ? others
      : [...others, { owner, schema, objects, acl }],
  };
}

function afterStep(catalog: Catalog, step: Step): Catalog {
  switch (step.kind) {
    case "revoke-privileges":
      return revokedFrom(catalog, step);
    case "keep-privileges":
      return keptOn(catalog, step);
    case "grant-default-privileges":
    case "revoke-default-privileges":
      return withDefaults(catalog, step);
    case "reassign-owned":
      return reowned(catalog, step);
    case "drop-user-mapping":
      return {
        ...catalog,
        userMappings: catalog.userMappings.filter(({ role, server }) =>
          role !== step.role || server !== step.server
        ),
      };
    case "narrow-policy":
      return {
        ...catalog,
        policies: catalog.policies.filter(({ schema, table, name }) =>
          schema !== step.schema || table !== step.table || name !== step.name
        ),
      };
    default:
      return rolesAfter(catalog, [step]);
  }
}

/**
 * The catalog once these steps are done, as far as something is taken away by them: what `grant-privileges` gives is left
 * out, which nobody loses by.
 */
export function catalogAfter(
  catalog: Catalog,
  steps: readonly Step[],
): Catalog {
  return steps.reduce(afterStep, catalog);
}
