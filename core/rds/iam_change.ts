import { RdsiamError } from "../errors.ts";
import type { RdsCluster, RdsDatabase, RdsInstance } from "./database.ts";

/** What there is to do before a database takes tokens. */
export type IamChange =
  | { kind: "none" }
  /** Somebody has turned it on already, and RDS is at it. */
  | { kind: "wait"; database: RdsInstance | RdsCluster }
  | { kind: "turn on"; database: RdsInstance | RdsCluster };

/** States in which RDS changes nothing, and what would help. */
const HINT_BY_STATUS: Readonly<Record<string, string>> = {
  stopped: "Start it first",
  stopping: "Wait until it has stopped, and start it",
  creating: "Wait until it is available",
  deleting: "It is about to be gone",
  failed: "It has to be restored from a backup",
};

/**
 * What turns IAM authentication of a database on.
 *
 * @throws {RdsiamError} `failed`, when it cannot be turned on, or not here
 */
export function planIamChange(database: RdsDatabase): IamChange {
  const name = nameDatabase(database);
  function refuse(why: string, hint: string): never {
    throw new RdsiamError(
      "failed",
      `IAM authentication of ${name} cannot be turned on: ${why}`,
      { hint },
    );
  }
  if (database.iam === "unsupported") {
    refuse(
      `its engine, ${database.rdsEngine}, has no IAM authentication`,
      "PostgreSQL, MySQL and MariaDB do, on RDS and Aurora",
    );
  }
  if (database.iam === "on") return { kind: "none" };
  if (database.kind === "proxy") {
    refuse(
      "a proxy has it for each of its logins",
      `Set it to REQUIRED where the login's secret is named: aws rds modify-db-proxy --db-proxy-name ${database.name} --region ${database.region} --auth …`,
    );
  }
  if (database.kind === "instance" && database.clusterName !== undefined) {
    refuse(
      `that is for its cluster "${database.clusterName}" to say, which cannot be seen`,
      "Let your AWS identity call rds:DescribeDBClusters",
    );
  }
  if (database.iam === "turning on") return { kind: "wait", database };
  if (database.iam === "turning off") {
    refuse("it is being turned off", "Wait until that is done");
  }
  const hint = HINT_BY_STATUS[database.status];
  if (hint !== undefined) refuse(`its status is "${database.status}"`, hint);
  return { kind: "turn on", database };
}

/** What to call a database: `cluster "orders"`. */
export function nameDatabase({ kind, name }: RdsDatabase): string {
  return `${kind} "${name}"`;
}
