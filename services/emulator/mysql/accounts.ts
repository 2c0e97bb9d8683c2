import { compare } from "compare-versions";
import { ENGINES } from "../../../core/engine/engines.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { displayName } from "../../../core/access/identifier.ts";
import { quoteAccount, quoteText } from "../../../core/access/mysql/quote.ts";
import { type Master, RDS_ADMIN } from "../bootstrap.ts";

/** What RDS gives its master user on every database (RDS User Guide, "Master user account privileges"). */
const PRIVILEGES = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "RELOAD",
  "PROCESS",
  "REFERENCES",
  "INDEX",
  "ALTER",
  "SHOW DATABASES",
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "REPLICATION SLAVE",
  "REPLICATION CLIENT",
  "CREATE VIEW",
  "SHOW VIEW",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "CREATE USER",
  "EVENT",
  "TRIGGER",
];

/** Accounts that the servers make for themselves, and RDS's own. */
const RESERVED =
  /^(?:rdsadmin|rds_.*|rdsrepladmin|root|mysql\..*|mariadb\.sys)$/i;

/** The role that holds the master's privileges in RDS for MySQL from 8.0.36 on. */
const SUPERUSER_ROLE = quoteAccount("rds_superuser_role");

/**
 * Refuses a master user's name that RDS or the server has a use for.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkMysqlMaster(
  username: string,
  engine: "mysql" | "mariadb",
): void {
  const { length } = ENGINES[engine].maxUsername;
  const problem = RESERVED.test(username)
    ? "RDS or the server reserves it"
    : [...username].length > length
    ? `it is longer than ${length} characters`
    : undefined;
  if (problem === undefined) return;
  throw new RdsiamError(
    "usage",
    `User name ${displayName(username)} of --master cannot be used: ${problem}`,
    { hint: "Choose another name" },
  );
}

/**
 * The statements that make a server look like RDS's: a superuser that the service keeps to itself, and a master with RDS's
 * privileges and no more. Run again on kept data they change nothing but the master's password.
 *
 * @param isNew whether nobody but the server's own installation has made accounts yet
 */
export function accountStatements(
  engine: "mysql" | "mariadb",
  version: string,
  master: Master,
  isNew: boolean,
): string[] {
  const admin = quoteAccount(RDS_ADMIN, "localhost");
  const account = quoteAccount(master.username);
  const password = quoteText(master.password.reveal());
  return [
    // Over the socket alone, which is in a folder that is closed to others.
    `CREATE USER IF NOT EXISTS ${admin}`,
    `GRANT ALL PRIVILEGES ON *.* TO ${admin} WITH GRANT OPTION`,
    ...(isNew
      // Some installations let these in without a password.
      ? ["localhost", "127.0.0.1", "::1"].map((host) =>
        `DROP USER IF EXISTS ${quoteAccount("root", host)}`
      )
      : []),
    `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${password}`,
    `ALTER USER ${account} IDENTIFIED BY ${password}`,
    ...(engine === "mysql" && compare(version, "8.0.36", ">=")
      ? roleStatements(version, account)
      : [grant([
        ...PRIVILEGES,
        ...(engine === "mariadb" && compare(version, "11.4.0", ">=")
          ? ["SHOW CREATE ROUTINE"]
          : []),
      ], account)]),
  ];
}

function roleStatements(version: string, account: string): string[] {
  const definer = compare(version, "8.4.0", ">=")
    ? ["SET_ANY_DEFINER", "ALLOW_NONEXISTENT_DEFINER"] // what became of it
    : ["SET_USER_ID"];
  return [
    `CREATE ROLE IF NOT EXISTS ${SUPERUSER_ROLE}`,
    grant([...PRIVILEGES, "CREATE ROLE", "DROP ROLE"], SUPERUSER_ROLE),
    grant([
      "APPLICATION_PASSWORD_ADMIN",
      "ROLE_ADMIN",
      "XA_RECOVER_ADMIN",
      ...definer,
    ], SUPERUSER_ROLE),
    `GRANT ${SUPERUSER_ROLE} TO ${account}`,
    `SET DEFAULT ROLE ${SUPERUSER_ROLE} TO ${account}`,
  ];
}

function grant(privileges: readonly string[], account: string): string {
  return `GRANT ${
    privileges.join(", ")
  } ON *.* TO ${account} WITH GRANT OPTION`;
}
