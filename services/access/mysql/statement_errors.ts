import { SqlError } from "../../../core/database/sql_error.ts";
import { shortened } from "../statement_errors.ts";

const RIGHTS =
  "Log in as the master user, or another that holds this with GRANT OPTION";

/** What to do, by the number of an error (MySQL error reference; MariaDB's). */
const HINTS: Readonly<Record<number, string>> = {
  // Within a session it is a missing right, whatever it sounds like.
  1044: RIGHTS,
  1045: RIGHTS,
  1142: RIGHTS,
  1143: RIGHTS,
  1227: RIGHTS,
  1370: RIGHTS,
  1205: "Somebody holds a lock on it: run the same again",
  1290: "This server is read-only: use the writer endpoint",
  1396: "Somebody else may have been quicker: run the same again",
  1524:
    "IAM authentication is off for this database, or unsupported: turn it on with rdsiam policy --enable",
  1836: "This server is read-only: use the writer endpoint",
  4006:
    "Views, routines, triggers or events run with its rights: give them another DEFINER first",
};

function hintFor({ number }: SqlError): string {
  return HINTS[number ?? 0] ?? "See the log of the database";
}

/** Says of a statement that failed which it was, and how far the plan has come: nothing takes back what is done. */
export function mysqlStatementError(
  sql: string,
  cause: SqlError,
  { done, count }: { readonly done: number; readonly count: number },
): SqlError {
  const progress = done === 0
    ? "nothing changed"
    : `${done} of ${count} statements are done`;
  const { code, number } = cause;
  const more = { cause, ...(number !== undefined && { number }) };
  if (cause.isConnectionLost) {
    return new SqlError(
      code,
      `The connection to the database was lost during ${
        shortened(sql)
      }: ${progress} before it`,
      { ...more, hint: "Run the same again: it goes on where this stopped" },
    );
  }
  const again = done === 0 ? "" : "; the next run goes on where this stopped";
  return new SqlError(
    code,
    `${shortened(sql)} failed: ${cause.message} (${progress})`,
    { ...more, hint: `${hintFor(cause)}${again}` },
  );
}

/** Says of a catalog that cannot be read what it takes. */
export function catalogError(cause: SqlError): SqlError {
  const { code, number } = cause;
  return new SqlError(
    code,
    `Reading accounts and privileges failed: ${cause.message}`,
    {
      ...(number !== undefined && { number }),
      hint:
        "Log in as the master user, or another with SELECT on database mysql",
      cause,
    },
  );
}
