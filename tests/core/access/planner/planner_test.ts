import assert from "node:assert/strict";
import fc from "fast-check";
import type { Catalog } from "../../../../core/access/catalog.ts";
import type { Plan } from "../../../../core/access/plan.ts";
import { plan } from "../../../../core/access/planner/planner.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import { RdsiamError } from "../../../../core/errors.ts";
import { anyCatalog } from "../arbitraries.ts";
import { applyPlan, applySteps } from "../model.ts";
import { anyGrantWish, anyRevokeWish } from "../wish_arbitraries.ts";

/** The plan; a wish that is refused for this catalog is not what these properties are about. */
function planOrSkip(catalog: Catalog, wish: Wish): Plan {
  try {
    return plan(catalog, wish);
  } catch (error) {
    if (!(error instanceof RdsiamError)) throw error;
    fc.pre(false);
    throw error;
  }
}

Deno.test("plan() has no steps once its steps are applied", () => {
  fc.assert(
    fc.property(
      anyCatalog,
      fc.oneof(anyGrantWish, anyRevokeWish),
      (catalog, wish) => {
        const after = applyPlan(catalog, planOrSkip(catalog, wish));
        assert.deepEqual(plan(after, wish).steps, []);
      },
    ),
    { numRuns: 5000 },
  );
});

Deno.test("plan() has no step of a grant that could be left out", () => {
  fc.assert(
    fc.property(anyCatalog, anyGrantWish, (catalog, wish) => {
      const { steps } = planOrSkip(catalog, wish);
      for (const [index, step] of steps.entries()) {
        // A user may come into rds_iam through another one as well; both are wished for.
        if (step.kind === "grant-membership" && step.role === "rds_iam") {
          continue;
        }
        const rest = steps.filter((_, other) => other !== index);
        const again = plan(applySteps(catalog, rest), wish).steps;
        assert.notDeepEqual(again, [], `not needed: ${JSON.stringify(step)}`);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("plan() grants to the wished roles alone and takes nothing away", () => {
  fc.assert(
    fc.property(anyCatalog, anyGrantWish, (catalog, wish) => {
      const ours = new Set([...wish.users, wish.group?.name]);
      for (const step of planOrSkip(catalog, wish).steps) {
        switch (step.kind) {
          case "create-role":
            assert.ok(ours.has(step.role) || step.role === "rds_iam");
            break;
          case "allow-login":
            assert.ok(ours.has(step.role));
            break;
          case "grant-membership":
            assert.ok(wish.users.includes(step.member));
            break;
          case "grant-privileges":
          case "grant-default-privileges":
            assert.ok(ours.has(step.grantee ?? undefined));
            break;
          default:
            assert.fail(`a grant does not ${step.kind}`);
        }
      }
    }),
  );
});

Deno.test("plan() gives every wished table privilege", () => {
  fc.assert(
    fc.property(anyCatalog, anyGrantWish, (catalog, wish) => {
      const after = applyPlan(catalog, planOrSkip(catalog, wish));
      const grantees = wish.group === null ? wish.users : [wish.group.name];
      for (const privileges of wish.privileges) {
        if (privileges.kind !== "table" || privileges.privileges === "all") {
          continue;
        }
        for (const table of after.objects) {
          const isMeant = table.kind === "table" && !table.extension &&
            table.schema === privileges.schema &&
            (privileges.names === "all" ||
              privileges.names.some((name) =>
                name.kind === "pattern"
                  ? table.name.includes("r")
                  : table.name === name.name
              ));
          if (!isMeant) continue;
          for (const privilege of privileges.privileges) {
            for (const grantee of grantees) {
              const holds = (who: string | null) =>
                table.acl.some((entry) =>
                  entry.grantee === who && entry.privilege === privilege
                );
              assert.ok(holds(grantee) || holds(null));
            }
          }
        }
      }
    }),
  );
});

Deno.test("plan() puts memberships in rds_iam last", () => {
  fc.assert(
    fc.property(anyCatalog, anyGrantWish, (catalog, wish) => {
      const isLast = planOrSkip(catalog, wish).steps.map((step) =>
        step.kind === "grant-membership" && step.role === "rds_iam"
      );
      assert.deepEqual(isLast, isLast.toSorted());
    }),
  );
});
