import { isOn } from "../../../core/access/objects_of.ts";
import type { Catalog, Securable } from "../../../core/access/catalog.ts";
import { catalogAfter } from "../../../core/access/object_effect.ts";
import type { Plan, Step } from "../../../core/access/plan.ts";

/** What GRANT adds, which {@linkcode catalogAfter} leaves out. */
function applyGrant(
  catalog: Catalog,
  step: Extract<Step, { kind: "grant-privileges" }>,
): Catalog {
  const isMeant = isOn(step.on);
  const change = <Object extends Securable>(object: Object): Object =>
    !isMeant(object) ? object : {
      ...object,
      acl: [
        ...object.acl,
        ...step.privileges.map((privilege) => ({
          grantee: step.grantee,
          privilege,
          grantable: false,
          grantor: object.owner,
        })),
      ],
    };
  return {
    ...catalog,
    database: change(catalog.database),
    schemas: catalog.schemas.map(change),
    objects: catalog.objects.map(change),
  };
}

/** What PostgreSQL would do, on the catalog as data. */
function applyStep(catalog: Catalog, step: Step): Catalog {
  switch (step.kind) {
    case "grant-privileges":
      return applyGrant(catalog, step);
    case "allow-login":
      return {
        ...catalog,
        roles: catalog.roles.map((each) =>
          each.name === step.role ? { ...each, login: true } : each
        ),
      };
    default:
      return catalogAfter(catalog, [step]);
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
