import postgres from "postgres";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type {
  Database,
  DatabaseLogin,
  DatabaseSession,
} from "../../core/database/database.ts";
import { SqlError } from "../../core/database/sql_error.ts";
import { LoginRefused } from "../../core/database/login_refusal.ts";
import { dialPostgres } from "./tls.ts";

/** How long the login may take once TLS stands, in seconds; RDS asks IAM meanwhile. */
const LOGIN_TIMEOUT_SECONDS = 30;

/** `connection_failure` of SQLSTATE. */
const CONNECTION_LOST = "08006";

/** Logs in to PostgreSQL with Postgres.js, over a connection that is verified before anything is sent. */
export const postgresDatabase: Database = {
  async logIn(login) {
    const socket = await dialPostgres(login);
    let isTaken = false;
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    const options: postgres.Options<Record<string, never>> & {
      socket: () => unknown;
    } = {
      // Postgres.js dials anew whenever a connection is lost, and would go on outside of the transaction.
      socket() {
        if (isTaken) throw connectionLost();
        isTaken = true;
        return socket;
      },
      ssl: false,
      username: login.username,
      password: () => login.password.reveal(),
      database: login.database,
      connection: { application_name: "rdsiam" },
      max: 1,
      max_lifetime: null,
      connect_timeout: LOGIN_TIMEOUT_SECONDS,
      fetch_types: false,
      prepare: false,
      onnotice: () => {},
      onclose: () => lost.reject(connectionLost()),
    };
    const sql = postgres(options);
    async function close() {
      // There is nothing to wait for: what is open then is meant to come to nothing.
      await sql.end({ timeout: 0 });
      socket.destroy();
    }
    try {
      // Postgres.js connects when it is asked something.
      await Promise.race([sql.unsafe("SELECT 1"), lost.promise]);
      return session(sql, lost.promise, {
        close,
        abort: () => socket.destroy(),
      });
    } catch (cause) {
      await close();
      throw loginError(cause, login);
    }
  },
};

function session(
  sql: postgres.Sql,
  lost: Promise<never>,
  { close, abort }: { close: () => Promise<void>; abort: () => void },
): DatabaseSession {
  return {
    abort,
    async run(text, parameters = []) {
      try {
        // What is asked of a closed connection would never be answered.
        await Promise.race([lost, Promise.resolve()]);
        const rows = await Promise.race([
          sql.unsafe(text, [...parameters]).values(),
          lost,
        ]);
        return rows.map(([first]) => String(first));
      } catch (cause) {
        throw statementError(cause);
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

function connectionLost(cause?: unknown): SqlError {
  return new SqlError(
    CONNECTION_LOST,
    "The connection to the database was lost",
    cause === undefined ? {} : { cause },
  );
}

function statementError(cause: unknown): SqlError {
  if (cause instanceof SqlError) return cause;
  if (!(cause instanceof postgres.PostgresError)) return connectionLost(cause);
  const hint = cause.detail ?? cause.hint;
  return new SqlError(cause.code, cause.message, {
    ...(hint !== undefined && { hint }),
    cause,
  });
}

function loginError(cause: unknown, login: DatabaseLogin): RdsiamError {
  if (cause instanceof postgres.PostgresError) {
    return new LoginRefused(cause, login, cause);
  }
  const why = cause instanceof Error && "code" in cause &&
      cause.code === "CONNECT_TIMEOUT"
    ? "the database did not answer in time"
    : cause instanceof SqlError
    ? "the database ended the connection"
    : errorMessage(cause);
  return new RdsiamError("unreachable", `Login failed: ${why}`, { cause });
}
