import { RdsiamError } from "../errors.ts";
import { displayName, nameProblem } from "./identifier.ts";

/** The role that makes RDS and Aurora check an IAM token instead of a password. */
export const RDS_IAM = "rds_iam";

/** The superuser of RDS and Aurora: nobody but the service logs in as this role. */
export const RDS_ADMIN = "rdsadmin";

/**
 * Names that mean something else wherever a role may stand, quoted or not, in exactly these letters: rule `RoleId` of
 * PostgreSQL's `src/backend/parser/gram.y`. `"current_user"` and `"session_user"` are ordinary names when quoted.
 */
const PSEUDO_ROLES = new Set(["public", "none"]);

function problemOf(name: string): string | undefined {
  if (PSEUDO_ROLES.has(name)) return "PostgreSQL reserves it";
  // `IsReservedName` of src/backend/catalog/catalog.c: the exact bytes, so `PG_x` is allowed.
  if (name.startsWith("pg_")) return 'PostgreSQL reserves the prefix "pg_"';
  if (name.startsWith("rds_")) return 'RDS reserves the prefix "rds_"';
  if (name === RDS_ADMIN) return "it is the superuser of RDS itself";
  return nameProblem(name);
}

/**
 * Refuses a name that a role of an application cannot have. Everything else may be a role: `jane.doe@example.com`,
 * `Ops-Team`, quotes included.
 *
 * @throws {RdsiamError} `usage`: the name is empty, too long, reserved or not text.
 */
export function checkRoleName(name: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  throw new RdsiamError(
    "usage",
    `Role name ${displayName(name)} cannot be used: ${problem}`,
    { hint: "Choose another name for the role" },
  );
}
