import type { Catalog } from "../catalog.ts";
import { describeLosses } from "./describe_loss.ts";
import { type Lockout, lockoutsOf } from "./lockout.ts";
import type { Loss } from "./loss.ts";
import { lossesOf } from "./losses.ts";
import { missingPermissions } from "./permission.ts";
import type { Plan } from "../plan.ts";
import { refuseFor, refuseLosses } from "../refuse.ts";

/** How strict {@linkcode checkPlan} is. */
export interface CheckOptions {
  /** Do what costs others logins or privileges. The administrator is never locked out. Default: false. */
  readonly force?: boolean;
}

/** What to tell of a plan although nothing stops it. */
export interface Judgement {
  readonly lockouts: readonly Lockout[];
  readonly losses: readonly Loss[];
}

/**
 * Checks that a plan is safe and allowed before any of it is tried.
 *
 * @returns what to tell although nothing stops it.
 * @throws {RdsiamError} `usage`, when it would lock somebody out or costs others something; `failed`, when the current role lacks a right.
 */
export function checkPlan(
  catalog: Catalog,
  plan: Plan,
  options: CheckOptions = {},
): Judgement {
  const { force = false } = options;
  const lockouts = lockoutsOf(catalog, plan);
  refuseFor("usage", lockouts.filter(({ severity }) => severity === "refuse"));
  if (!force) {
    refuseFor("usage", lockouts.filter(({ severity }) => severity === "force"));
  }
  const losses = lossesOf(catalog, plan);
  const refused = losses.filter((loss) => loss.force);
  if (!force) refuseLosses(refused.length, describeLosses(refused));
  refuseFor("failed", missingPermissions(catalog, plan));
  return { lockouts, losses };
}
