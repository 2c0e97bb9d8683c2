// deno-lint-ignore-file no-explicit-any -- node-postgres has no types of its own; those of others bring all of Node's along
import pg from "pg";

/** Where and as whom node-postgres logs in. */
export interface PgLogin {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** What a query gave. */
export interface PgResult {
  rows: Record<string, any>[];
}

/** A connection of node-postgres. */
export interface PgClient {
  connect(): Promise<void>;
  query(query: string | object): Promise<PgResult>;
  on(event: "notification", listener: (what: PgNotification) => void): void;
  end(): Promise<void>;
}

/** What `LISTEN` hears. */
export interface PgNotification {
  channel: string;
  payload: string;
  processId: number;
}

/** Makes a connection of node-postgres. */
export function pgClient(login: PgLogin): PgClient {
  return new (pg as any).Client(login);
}

/** Makes a pool of so many connections. */
export function pgPool(
  login: PgLogin,
  max: number,
): Pick<PgClient, "query" | "end"> {
  return new (pg as any).Pool({ ...login, max });
}
