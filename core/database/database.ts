import type { Secret } from "../secret.ts";
import type { SslMode } from "../engine/login_target.ts";
import type { Trust } from "../roots/trust.ts";

/** Where and as whom to log in to a database. */
export interface DatabaseLogin {
  /** What is dialled. */
  address: { host: string; port: number };
  /** What is connected to in place of it: the near end of a tunnel. */
  near?: { host: string; port: number } | undefined;
  /** The name that the server's certificate must be for. */
  serverName: string;
  sslmode: SslMode;
  trust: Trust;
  database: string;
  username: string;
  /** A password or a token. */
  password: Secret;
  /** Which of the two. */
  method: "password" | "token";
}

/** A session in a database. It ends with its connection: it never goes on in another one. */
export interface DatabaseSession extends AsyncDisposable {
  /**
   * Runs one statement.
   *
   * @returns the first column of its rows
   * @throws {SqlError} when the server refuses it or the connection is lost
   */
  run(sql: string, parameters?: readonly string[]): Promise<readonly string[]>;
  /** Ends the session at once, whatever it is doing; a transaction that is open comes to nothing. */
  abort(): void;
}

/** Logs in to databases. */
export interface Database {
  /**
   * Opens a session over TLS.
   *
   * @throws {RdsiamError} `unreachable`, when there is no verified connection; `refused`, when the login is refused
   */
  logIn(login: DatabaseLogin): Promise<DatabaseSession>;
}
