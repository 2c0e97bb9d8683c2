import { CATALOG_SQL } from "../../../core/access/postgres/catalog_queries.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import { SqlError } from "../../../core/database/sql_error.ts";

/** A catalog, as the server gives it, with an administrator who may create roles and grant `rds_iam`. */
export const CATALOG = {
  serverVersion: 150000,
  sessionUser: "master",
  currentUser: "master",
  roles: ["master", "rds_iam"].map((name) => ({
    name,
    login: name === "master",
    superuser: false,
    createRole: name === "master",
    inherit: true,
    passwordExpired: false,
    sessions: 0,
  })),
  memberships: [],
  database: {
    name: "app",
    owner: "master",
    acl: [[null, "CONNECT", false, "master"]],
  },
  schemas: [],
  objects: [],
  further: [],
  others: [],
  shared: [],
  defaultAcls: [],
  views: [],
  policies: [],
  owned: [],
  userMappings: [],
  dependents: [],
  leftovers: [],
};

/** A session that remembers what it ran, and fails where the test says. */
export class FakeSession implements DatabaseSession {
  readonly ran: string[] = [];
  isClosed = false;
  isAborted = false;
  /** Called ahead of each statement; throws for one that shall fail. */
  before: (sql: string) => Promise<void> | void = () => {};

  constructor(readonly catalog: object = CATALOG) {}

  async run(sql: string): Promise<readonly string[]> {
    this.ran.push(sql === CATALOG_SQL ? "read the catalog" : sql);
    await this.before(sql);
    if (this.isAborted) throw lost();
    return sql === CATALOG_SQL ? [JSON.stringify(this.catalog)] : [];
  }

  /** What it ran but for the preparation. */
  get changes(): string[] {
    return this.ran.filter((sql) =>
      !/^(SET LOCAL|SELECT|SAVEPOINT|ROLLBACK TO|read the)/.test(sql)
    );
  }

  abort(): void {
    this.isAborted = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** What a session throws once its connection is gone. */
export function lost(): SqlError {
  return new SqlError("08006", "The connection to the database was lost");
}
