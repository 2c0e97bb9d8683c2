import { connect, type Socket } from "node:net";
import mysql, {
  type AuthPlugin,
  type Connection,
  type ConnectionOptions,
} from "mysql2";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type {
  Database,
  DatabaseLogin,
  DatabaseSession,
} from "../../core/database/database.ts";
import type { Asked } from "../../core/database/mysql_login_refusal.ts";
import { MysqlLoginRefused } from "../../core/database/mysql_login_refused.ts";
import { SqlError } from "../../core/database/sql_error.ts";
import { explainDialError } from "../postgres/dial_errors.ts";
import { DialTimeout, NoTls, tlsOptions } from "../postgres/tls.ts";

/** How long connecting, TLS and the login may take together, in milliseconds; RDS asks IAM meanwhile. */
const TIMEOUT_MS = 30_000;

/** `connection_failure` of SQLSTATE. */
const CONNECTION_LOST = "08006";

/** Plugins by which a server asks for a password or a proof of it. */
const PASSWORD_PLUGINS = [
  "mysql_native_password",
  "caching_sha2_password",
  "sha256_password",
];

/** The server asks for something that this login has not. */
class OtherLoginAsked extends Error {}

/** Logs in to MySQL and MariaDB with mysql2, over a connection that is verified before anything is sent. */
export const mysqlDatabase: Database = {
  async logIn(login) {
    const seen = { asked: "something-else" as Asked };
    const socket: Socket = connect(login.near ?? login.address);
    // Stays: an "error" that nobody listens for would end the process.
    socket.on("error", () => {});
    const timer = setTimeout(
      () => socket.destroy(new DialTimeout()),
      TIMEOUT_MS,
    );
    try {
      await connected(socket);
      socket.setNoDelay(true);
      const connection = mysql.createConnection(
        connectionOptions(login, socket, seen),
      );
      await greeted(connection, socket);
      return session(connection, socket);
    } catch (cause) {
      socket.destroy();
      throw loginError(cause, login, seen.asked);
    } finally {
      clearTimeout(timer);
    }
  },
};

async function connected(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve);
  socket.once("error", reject);
  await promise;
}

async function greeted(connection: Connection, socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("error", reject);
  connection.once("error", reject);
  connection.connect((error) => error ? reject(error) : resolve());
  await promise;
  // Stays, as above: what is being asked meanwhile fails by itself.
  connection.on("error", () => {});
}

function connectionOptions(
  login: DatabaseLogin,
  socket: Socket,
  seen: { asked: Asked },
): ConnectionOptions {
  const { serverName, sslmode, username, password, method, database } = login;
  const { ca, rejectUnauthorized } = tlsOptions(login);
  const isToken = method === "token";
  return {
    stream: socket,
    // The name that the certificate is verified for: what is dialled is the socket's matter.
    host: serverName,
    ssl: {
      ...(ca !== undefined && { ca: ca as string }),
      rejectUnauthorized: rejectUnauthorized !== false,
      verifyIdentity: sslmode === "verify-full",
    },
    user: username,
    // A token is sent to nobody but a server that asks for it in clear, which an IAM account makes it do.
    password: isToken ? "" : password.reveal(),
    authPlugins: {
      mysql_clear_password: () => () => {
        seen.asked = "token";
        if (!isToken) throw new OtherLoginAsked();
        return new TextEncoder().encode(`${password.reveal()}\0`);
      },
      ...(isToken
        ? Object.fromEntries(PASSWORD_PLUGINS.map((name) => [name, noToken]))
        : {}),
    } as unknown as { [name: string]: AuthPlugin },
    ...(database !== "" && { database }),
    connectTimeout: TIMEOUT_MS,
    rowsAsArray: true,
    jsonStrings: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  };
}

function noToken() {
  return () => {
    throw new OtherLoginAsked();
  };
}

function session(connection: Connection, socket: Socket): DatabaseSession {
  let isLost = false;
  connection.once("end", () => isLost = true);
  return {
    abort: () => socket.destroy(),
    async run(text, parameters = []) {
      if (isLost || socket.destroyed) throw connectionLost();
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const lost = () => reject(connectionLost());
      socket.once("close", lost);
      try {
        connection.query(
          text,
          [...parameters],
          (error, rows) => error ? reject(error) : resolve(rows),
        );
        const rows = await promise;
        return Array.isArray(rows)
          ? rows.map((row: unknown) => String(Array.isArray(row) ? row[0] : ""))
          : [];
      } catch (cause) {
        throw statementError(cause);
      } finally {
        socket.off("close", lost);
      }
    },
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<void>();
      // There is nothing to wait for: each statement was whole when it was answered.
      if (isLost || socket.destroyed) resolve();
      else connection.end(() => resolve());
      await promise;
      socket.destroy();
    },
  };
}

function connectionLost(cause?: unknown): SqlError {
  return new SqlError(
    CONNECTION_LOST,
    "The connection to the database was lost",
    cause === undefined ? {} : { cause },
  );
}

/** What the server says of an error (MySQL's protocol, ERR_Packet). */
interface ServerError extends Error {
  errno: number;
  sqlState: string;
  sqlMessage?: string;
}

function isServerError(cause: unknown): cause is ServerError {
  return cause instanceof Error && "errno" in cause &&
    typeof cause.errno === "number" && "sqlState" in cause &&
    typeof cause.sqlState === "string" && cause.sqlState !== "";
}

function statementError(cause: unknown): SqlError {
  if (cause instanceof SqlError) return cause;
  if (!isServerError(cause)) return connectionLost(cause);
  const { errno, sqlState, message } = cause;
  return new SqlError(sqlState, message, { cause, errno });
}

function loginError(
  cause: unknown,
  login: DatabaseLogin,
  asked: Asked,
): RdsiamError {
  if (cause instanceof OtherLoginAsked || isServerError(cause)) {
    const server = isServerError(cause)
      ? { errno: cause.errno, message: cause.message }
      : undefined;
    return new MysqlLoginRefused(server, asked, login, cause);
  }
  if (cause instanceof Error && "code" in cause) {
    if (cause.code === "HANDSHAKE_NO_SSL_SUPPORT") {
      return explainDialError(new NoTls(), login);
    }
    if (cause.code === "AUTH_SWITCH_PLUGIN_ERROR") {
      return new RdsiamError("failed", `Login failed: ${errorMessage(cause)}`, {
        cause,
      });
    }
  }
  return explainDialError(cause, login);
}
