import { displayName } from "../../core/access/identifier.ts";
import { SqlError } from "../../core/database/sql_error.ts";

/** How much of a statement an error repeats. */
const SHOWN = 120;

/** The beginning of a statement, on one line. */
export function shortened(sql: string): string {
  return oneLine(sql.length > SHOWN ? `${sql.slice(0, SHOWN)}…` : sql);
}

/** Says of a statement that failed which it was, and what to do. */
export function statementError(sql: string, cause: SqlError): SqlError {
  return new SqlError(
    cause.code,
    `${shortened(sql)} failed: ${oneLine(cause.message)}`,
    { hint: hintFor(cause), cause },
  );
}

function hintFor({ code, hint }: SqlError): string {
  switch (code) {
    case "42501":
      return hint === undefined
        ? "Log in as the owner, as a member of rds_superuser or as a superuser"
        : `${oneLine(hint)} Let one of them, or a superuser, do it`;
    case "25006":
      return "This database is read-only: use the writer endpoint";
    default:
      return hint === undefined ? "See the log of the database" : oneLine(hint);
  }
}

/** Names in a text may hold line breaks and worse. */
function oneLine(text: string): string {
  return displayName(text).slice(1, -1).replaceAll('\\"', '"');
}

/** Whether somebody else was at the same thing at the same time, so that planning anew is worth it. */
export function isCollision(error: unknown): boolean {
  if (!(error instanceof SqlError)) return false;
  return COLLISIONS.has(error.code) ||
    // deno-lint-ignore rdsiam/no-prose -- PostgreSQL's own, where it has no code
    /tuple concurrently (updated|deleted)/.test(error.message);
}

/** Made, dropped or changed meanwhile; the advisory lock keeps out only those in the same database. */
const COLLISIONS = new Set([
  "42710", // duplicate_object
  "23505", // unique_violation
  "42704", // undefined_object
  "42P01", // undefined_table
  "42883", // undefined_function
  "40001", // serialization_failure
  "40P01", // deadlock_detected
]);
