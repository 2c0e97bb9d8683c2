import { RdsiamError } from "../../errors.ts";
import type { Catalog } from "../catalog.ts";
import { describeLosses } from "./describe_loss.ts";
import { type Lockout, lockoutsOf } from "./lockout.ts";
import type { Loss } from "./loss.ts";
import { lossesOf } from "./losses.ts";
import { missingPermissions } from "./permission.ts";
import type { Plan } from "../plan.ts";

/** How strict {@linkcode checkPlan} is. */
export interface CheckOptions {
  /** Do what costs others logins or privileges. The administrator is never locked out. Default: false. */
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

/** What to tell of a plan although nothing stops it. */
export interface Judgement {
  readonly lockouts: readonly Lockout[];
  readonly losses: readonly Loss[];
}

function refuseLosses(losses: readonly Loss[]): void {
  const refused = losses.filter(({ force }) => force);
  if (refused.length === 0) return;
  throw new RdsiamError(
    "usage",
    `Refused, since it takes more than was asked for: ${
      describeLosses(refused)
    }`,
    {
      hint: `Add --force if ${
        refused.length === 1 ? "that" : "all of that"
      } may go; with --dry-run it is listed alone`,
    },
  );
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
  refusal("usage", lockouts.filter(({ severity }) => severity === "refuse"));
  if (!force) {
    refusal("usage", lockouts.filter(({ severity }) => severity === "force"));
  }
  const losses = lossesOf(catalog, plan);
  if (!force) refuseLosses(losses);
  refusal("failed", missingPermissions(catalog, plan));
  return { lockouts, losses };
}
