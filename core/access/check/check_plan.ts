import { RdsiamError } from "../../errors.ts";
import type { Catalog } from "../catalog.ts";
import { type Lockout, lockoutsOf } from "./lockout.ts";
import { missingPermissions } from "./permission.ts";
import type { Plan } from "../plan.ts";

/** How strict {@linkcode checkPlan} is. */
export interface CheckOptions {
  /** Do what takes a password login from others. The administrator is never locked out. Default: false. */
  readonly force?: boolean;
}

function refusal(
  kind: "failed" | "usage",
  problems: readonly { readonly message: string; readonly hint: string }[],
): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new RdsiamError(kind, `${first.message}${more}`, { hint: first.hint });
}

/**
 * Checks that a plan is safe and allowed before any of it is tried.
 *
 * @returns what to tell although nothing stops it.
 * @throws {RdsiamError} `usage`, when it would lock somebody out; `failed`, when the current role lacks a right.
 */
export function checkPlan(
  catalog: Catalog,
  plan: Plan,
  options: CheckOptions = {},
): readonly Lockout[] {
  const { force = false } = options;
  const lockouts = lockoutsOf(catalog, plan);
  refusal("usage", lockouts.filter(({ severity }) => severity === "refuse"));
  if (!force) {
    refusal("usage", lockouts.filter(({ severity }) => severity === "force"));
  }
  refusal("failed", missingPermissions(catalog, plan));
  return lockouts;
}
