import type { Catalog } from "../catalog.ts";
import type { Plan } from "../plan.ts";
import { planGrant } from "./grant.ts";
import { planRevoke } from "./revoke.ts";
import type { Wish } from "../wish.ts";

/**
 * What is missing for the wish, and no more. What counts as there:
 *
 * - a privilege that the grantee holds itself, whoever granted it. What it has through other roles is theirs to lose
 * - PUBLIC's CONNECT on the database and EXECUTE on functions, which PostgreSQL gives by default
 * - any other privilege of PUBLIC only where the current role may not grant it
 * - membership in `rds_iam`, direct or through a role that is used without doubt (INHERIT or SET)
 *
 * It does not ask whether the steps are allowed or safe: see `checkPlan`.
 *
 * @throws {RdsiamError} `usage`, when the wish names a schema, object or role that is missing or cannot be used so;
 * `failed`, when the server has no `rds_iam`, or a role to be dropped is used in other databases.
 */
export function plan(catalog: Catalog, wish: Wish): Plan {
  return wish.kind === "grant"
    ? planGrant(catalog, wish)
    : planRevoke(catalog, wish);
}
