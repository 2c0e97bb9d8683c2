import mysql, { type Connection } from "mysql2/promise";
import type { TemporaryFolder } from "../../adapters/temporary_folder.ts";
import { serverOptions, type TestServer } from "../../mysql_servers.ts";
import {
  EMULATED_ENDPOINT,
  type EmulatorProcess,
  startEmulatorProcess,
} from "../emulator_process.ts";
import { rdsiam } from "../rdsiam.ts";

/** Who logs in, and where to. */
export interface MysqlLogin {
  username: string;
  password: string;
  database?: string;
}

/** A running `rdsiam emulator` of MySQL or MariaDB. */
export interface MysqlEmulator extends EmulatorProcess {
  server: TestServer;
  /** The endpoint that tokens must be signed for. */
  host: string;
  /** The options that send rdsiam there. */
  options: string[];
  /** Logs in through mysql2, over TLS; as the master, unless told otherwise. */
  connect(login?: MysqlLogin): Promise<Connection>;
  /** Runs statements as the master, one after the other; the rows of the last one, as arrays. */
  query(...statements: string[]): Promise<unknown[][]>;
  /** A token for a user, as `rdsiam token` with these options prints it. */
  token(username: string, ...options: string[]): Promise<string>;
}

/** The words that make an IAM account. */
export const BY_TOKEN =
  "identified with AWSAuthenticationPlugin as 'RDS' require ssl";

/** Starts an emulator on a server and waits until it is ready. */
export async function startMysqlEmulator(
  server: TestServer,
  ...args: string[]
): Promise<MysqlEmulator> {
  const running = await startEmulatorProcess(...serverOptions(server), ...args);
  const { listen, port, ca, master } = running;
  const roots = await Deno.readTextFile(ca);
  const options = [
    ...["--engine", server.engine, "-h", EMULATED_ENDPOINT],
    ...["--connect", listen, "--sslrootcert", ca],
  ];
  async function connect(login: MysqlLogin = master): Promise<Connection> {
    const { username: user, password, database } = login;
    const connection = await mysql.createConnection({
      host: "127.0.0.1",
      port,
      user,
      password,
      ...(database !== undefined && { database }),
      ssl: { ca: roots },
      enableCleartextPlugin: true,
      rowsAsArray: true,
    });
    return connection;
  }
  return {
    ...running,
    server,
    host: EMULATED_ENDPOINT,
    options,
    connect,
    async query(...statements) {
      return await runAndEnd(await connect(), statements);
    },
    async token(username, ...more) {
      const args = ["token", ...options, "-U", username, "--no-newline"];
      const { stdout, stderr } = await rdsiam([...args, ...more]);
      if (stdout === "") throw new Error(stderr);
      return stdout;
    },
  };
}

/** Runs statements one after the other, and ends the connection; the rows of the last one, as arrays. */
export async function runAndEnd(
  connection: Connection,
  statements: readonly string[],
): Promise<unknown[][]> {
  try {
    let rows: unknown = [];
    for (const statement of statements) {
      [rows] = await connection.query(statement);
    }
    return Array.isArray(rows) ? rows as unknown[][] : [];
  } finally {
    await connection.end();
  }
}

/** Gives each server one emulator, with these statements run, which ends after the last test of the file. */
export function useMysqlEmulators(
  ...statements: string[]
): (server: TestServer) => Promise<MysqlEmulator> {
  const emulators = new Map<TestServer, Promise<MysqlEmulator>>();
  Deno.test.afterAll(async () => {
    for (const emulator of emulators.values()) {
      await (await emulator)[Symbol.asyncDispose]();
    }
  });
  async function start(server: TestServer): Promise<MysqlEmulator> {
    const emulator = await startMysqlEmulator(server);
    await emulator.query(...statements);
    return emulator;
  }
  return (server) => {
    const emulator = emulators.get(server) ?? start(server);
    emulators.set(server, emulator);
    return emulator;
  };
}

/** An empty folder for `--data` that every user can reach: a server does not run as root. */
export async function dataFolder(): Promise<TemporaryFolder> {
  const path = await Deno.makeTempDir({ dir: "/var/tmp" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
