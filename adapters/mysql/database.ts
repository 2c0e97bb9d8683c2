import { connect } from "node:net";
import mysql, { type Connection, type ConnectionOptions } from "mysql2/promise";
import type {
  Database,
  DatabaseLogin,
  DatabaseSession,
} from "../../core/database/database.ts";
import {
  type Asked,
  MysqlLoginRefused,
} from "../../core/database/mysql_login_refusal.ts";
import { SqlError } from "../../core/database/sql_error.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  CLEAR_PASSWORD,
  encodeClearPassword,
} from "../../core/mysqlwire/authentication.ts";
import { displayName } from "../../core/access/identifier.ts";
import { explainDialError } from "../postgres/dial_errors.ts";
import { DialTimeout } from "../postgres/tls.ts";
import { dialMysql } from "./tls.ts";

/** How long connecting, TLS and the login may take together, in milliseconds; RDS asks IAM meanwhile. */
const LOGIN_TIMEOUT_MS = 30_000;

/** Looking once more at what stands in the way of TLS, in milliseconds. */
const DIAL_TIMEOUT_MS = 10_000;

/** What is proved to be known in place of a token. */
const NO_PASSWORD = "rdsiam logs in with a token";

/** `communication link failure` of SQLSTATE. */
const CONNECTION_LOST = "08S01";

/** Logs in to MySQL and MariaDB with mysql2, over a connection that is verified before anything is sent. */
export const mysqlDatabase: Database = {
  async logIn(login) {
    let asked: Asked = login.method === "password"
      ? "password"
      : "something-else";
    try {
      const connection = await mysql.createConnection(
        optionsOf(login, () => asked = "token"),
      );
      // What mysql2 tells nobody else would end the process.
      connection.on("error", () => {});
      try {
        // MariaDB lets an account whose password has expired in, and then refuses whatever it asks.
        await connection.query("DO 1");
        return session(connection);
      } catch (cause) {
        connection.destroy();
        throw cause;
      }
    } catch (cause) {
      throw await loginError(cause, asked, login);
    }
  },
};

function optionsOf(
  login: DatabaseLogin,
  onTokenAsked: () => void,
): ConnectionOptions {
  const { address, near, serverName, sslmode, trust, username } = login;
  const { database, password, method } = login;
  return {
    // The name that the certificate must be for; what is dialled is the stream's business.
    host: serverName,
    stream: () => {
      const socket = connect(near ?? address);
      socket.setNoDelay(true);
      return socket;
    },
    ssl: {
      ...(trust.kind === "roots" && { ca: trust.pem }),
      rejectUnauthorized: trust.kind !== "nothing",
      verifyIdentity: sslmode === "verify-full",
    },
    user: username,
    ...(database !== "" && { database }),
    ...(method === "password"
      ? { password: password.reveal() }
      // A token goes to a server alone that asks for it; whoever asks for a password gets one that nobody has.
      : {
        password: NO_PASSWORD,
        authPlugins: {
          [CLEAR_PASSWORD]: () => () => {
            onTokenAsked();
            return Buffer.from(encodeClearPassword(password.reveal()));
          },
        },
      }),
    connectTimeout: LOGIN_TIMEOUT_MS,
    connectAttributes: { program_name: "rdsiam" },
    flags: ["-LOCAL_FILES"],
    ...{ rowsAsArray: true, dateStrings: true, jsonStrings: true },
    ...{ supportBigNumbers: true, bigNumberStrings: true },
  };
}

function session(connection: Connection): DatabaseSession {
  let running = 0;
  return {
    abort: () => connection.destroy(),
    async run(text, parameters = []) {
      running++;
      try {
        const [rows] = parameters.length === 0
          ? await connection.query(text)
          : await connection.execute(text, [...parameters]);
        return Array.isArray(rows)
          ? (rows as unknown[][]).map(([first]) => String(first))
          : [];
      } catch (cause) {
        throw statementError(cause);
      } finally {
        running--;
      }
    },
    async [Symbol.asyncDispose]() {
      // There is nothing to wait for: what runs then is meant to come to nothing.
      if (running === 0) await connection.end().catch(() => {});
      connection.destroy();
    },
  };
}

/** An error of mysql2. */
interface MysqlError extends Error {
  /** mysql2's name of it. */
  code: string;
  /** The server's number of it, its SQLSTATE and its words; absent where the server said nothing. */
  errno?: number;
  sqlState?: string;
  sqlMessage?: string;
}

/** Whether the server said it. */
function isServerError(
  error: unknown,
): error is Required<Pick<MysqlError, "errno" | "sqlMessage">> & MysqlError {
  return error instanceof Error && "sqlMessage" in error && "errno" in error;
}

function statementError(cause: unknown): SqlError {
  return isServerError(cause)
    ? new SqlError(cause.sqlState ?? "HY000", cause.sqlMessage, {
      number: cause.errno,
      cause,
    })
    : new SqlError(
      CONNECTION_LOST,
      "The connection to the database was lost",
      { cause },
    );
}

async function loginError(
  cause: unknown,
  asked: Asked,
  login: DatabaseLogin,
): Promise<RdsiamError> {
  if (isServerError(cause)) {
    const { errno: number, sqlMessage: message } = cause;
    return new MysqlLoginRefused({ number, message, asked }, login, cause);
  }
  const { code } = cause as Partial<MysqlError>;
  switch (code) {
    case "HANDSHAKE_SSL_ERROR":
    case "HANDSHAKE_NO_SSL_SUPPORT":
      // mysql2 does not keep what went wrong there.
      try {
        await (await dialMysql(login, DIAL_TIMEOUT_MS)).leave();
      } catch (error) {
        if (error instanceof RdsiamError) return error;
      }
      break;
    case "MYSQL_CLEAR_PASSWORD_NOT_ENABLED":
      return new RdsiamError(
        "refused",
        `Login as ${
          displayName(login.username)
        } failed: the account takes tokens, and no password`,
        { hint: "Add --admin-iam to log in with a token", cause },
      );
    case "ETIMEDOUT":
      return explainDialError(new DialTimeout(), login);
    case "PROTOCOL_CONNECTION_LOST":
      return new RdsiamError(
        "unreachable",
        "Login failed: the database ended the connection",
        { cause },
      );
  }
  return explainDialError(cause, login);
}
