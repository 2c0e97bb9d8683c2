import { quoteIdentifier, quoteLiteral } from "../../core/access/identifier.ts";
import type { Secret } from "../../core/secret.ts";

/** The superuser that RDS keeps to itself. */
export const RDS_ADMIN = "rdsadmin";

/** The database user that the database's owner gets from RDS. */
export interface Master {
  username: string;
  password: Secret;
}

/**
 * The statements that make a new cluster look like RDS's: its roles, and a master user that is no superuser. Run again
 * on a kept cluster they change nothing but the master's password.
 */
export function bootstrapStatements(master: Master, major: number): string[] {
  const user = quoteIdentifier(master.username);
  const password = quoteLiteral(master.password.reveal());
  return [
    // No statement of these may reach the log: one of them holds a password.
    "SET log_min_error_statement = panic",
    ...["rds_iam", "rds_superuser", "rds_replication"].map(createRole),
    createRole(master.username),
    `ALTER ROLE ${user} LOGIN CREATEDB CREATEROLE PASSWORD ${password}`,
    `GRANT rds_superuser TO ${user}`,
    "GRANT pg_monitor, pg_signal_backend TO rds_superuser WITH ADMIN OPTION",
    // RDS lets rds_superuser grant this without being a member; PostgreSQL 16 wants the ADMIN option for it.
    ...(major >= 16
      ? [
        "GRANT rds_iam TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
      ]
      : []),
    `ALTER DATABASE postgres OWNER TO ${user}`,
    ...(major < 15 ? [`ALTER SCHEMA public OWNER TO ${user}`] : []),
  ];
}

function createRole(name: string): string {
  const body = `BEGIN CREATE ROLE ${quoteIdentifier(name)} NOLOGIN; ` +
    "EXCEPTION WHEN duplicate_object THEN NULL; END";
  return `DO ${quoteLiteral(body)}`;
}

/**
 * Whether a role, `$1`, is a member of `rds_iam` by any path, as `+rds_iam` in pg_hba.conf has it: nested and `NOINHERIT`
 * memberships count. A name that is too long is cut, as PostgreSQL does at login.
 *
 * Left out is the stand-in for RDS's own patch above and, unless `adminOptionCounts`, the membership that PostgreSQL 16
 * gives a role's creator: of the bootstrap superuser's granting, with the ADMIN option alone.
 */
export function iamMembershipQuery(
  major: number,
  adminOptionCounts: boolean,
): string {
  const isCreators = major >= 16 && !adminOptionCounts
    ? "m.grantor = 10 AND m.admin_option AND NOT m.inherit_option AND NOT m.set_option"
    : "false";
  return `
    WITH RECURSIVE reached(role) AS (
      SELECT oid FROM pg_roles WHERE rolname = $1::text::name
      UNION
      SELECT m.roleid FROM pg_auth_members m JOIN reached ON m.member = reached.role
      WHERE NOT (${isCreators})
        AND NOT (m.member = 'rds_superuser'::regrole AND m.roleid = 'rds_iam'::regrole)
    )
    SELECT EXISTS (SELECT FROM reached WHERE role = 'rds_iam'::regrole) AS is_iam`;
}
