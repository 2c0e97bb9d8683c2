import { join } from "node:path";
import { pickFreePort, runServer, startError } from "../local_server/run.ts";
import type { ServerUser } from "../local_server/server_user.ts";
import {
  type EndSignals,
  SupervisedProcess,
} from "../local_server/supervised_process.ts";
import { type MysqlEngine, type MysqlPrograms, PRODUCTS } from "./programs.ts";
import { systemTablesSql } from "./system_tables.ts";

/** What makes the data and the server run. */
export interface MysqlProcessOptions {
  engine: MysqlEngine;
  programs: MysqlPrograms;
  /** The folder of the data, absolute. */
  data: string;
  /** Whether the data is kept. When it is not, nothing waits for the disk. */
  isKept: boolean;
  /** A folder that goes when this program ends. Absolute. */
  folder: string;
  /** The user to run as; `undefined` for our own. */
  user: ServerUser | undefined;
  /** Ends what runs. */
  signal: AbortSignal | undefined;
}

/** What the server runs with besides. */
export interface MysqlListening {
  /** Where it listens; port 0 for a free one. */
  listen: { host: string; port: number };
  /** The path of its socket. */
  socket: string;
  /** More of its options. */
  options: readonly string[];
  /** What it gets in its environment. */
  env: Readonly<Record<string, string>>;
  /** Called with each line of the server's log. */
  onLog: ((line: string) => void) | undefined;
}

/** A server whose data is thrown away has nothing to finish. */
const KILL: EndSignals = { first: "KILL", second: "KILL" };
const TERMINATE: EndSignals = { first: "TERM", second: "KILL" };

/**
 * Makes the data of a new server in a folder that does not exist yet.
 *
 * @throws {RdsiamError} `failed`, with the last lines of the server's log
 */
export async function initialiseData(
  options: MysqlProcessOptions,
): Promise<void> {
  const { engine, programs, data, folder } = options;
  const { server } = programs;
  await Deno.mkdir(data, { mode: 0o700 });
  if (options.user !== undefined) {
    await Deno.chown(data, options.user.uid, options.user.gid);
  }
  const process = engine === "mysql"
    ? new SupervisedProcess(
      [server, ...commonOptions(options), "--initialize-insecure"],
      { ...options, endSignals: KILL },
    )
    : new SupervisedProcess([
      ...["/bin/sh", "-c", 'sql=$1; shift; exec "$@" <"$sql"', "sh"],
      await writeSystemTables(programs, folder),
      ...[server, ...commonOptions(options), "--bootstrap"],
    ], { ...options, endSignals: KILL });
  const code = await process.exited;
  options.signal?.throwIfAborted();
  if (code !== 0) {
    throw startError(PRODUCTS[engine], [server], code, process.lastLines);
  }
}

async function writeSystemTables(
  programs: MysqlPrograms,
  folder: string,
): Promise<string> {
  const path = join(folder, "system_tables.sql");
  await Deno.writeTextFile(path, await systemTablesSql(programs));
  return path;
}

/**
 * Starts a server on its data and waits until it takes connections.
 *
 * @throws {RdsiamError} `usage`, when another server uses the data; `failed`, with the last lines of its log
 */
export async function runMysql(
  options: MysqlProcessOptions,
  listening: MysqlListening,
): Promise<{ process: SupervisedProcess; port: number }> {
  const { engine, programs, folder } = options;
  return await runServer({
    ...options,
    ...listening,
    product: PRODUCTS[engine],
    endSignals: options.isKept ? TERMINATE : KILL,
    pickPort: pickFreePort,
    command: (port) => [
      programs.server,
      ...commonOptions(options),
      `--bind-address=${listening.listen.host}`,
      `--port=${port}`,
      `--socket=${listening.socket}`,
      `--pid-file=${join(folder, "pid")}`,
      "--skip-name-resolve", // as RDS: an account's host is an address
      "--max-connections=500",
      "--local-infile=1", // as RDS
      ...listening.options,
    ],
    ready: "ready for connections",
    dataInUse: "Unable to lock ./ibdata1",
  });
}

/** What the server is told each time, whatever it is to do. No option file of this machine counts. */
function commonOptions(
  { engine, programs, data, isKept, folder }: MysqlProcessOptions,
): string[] {
  return [
    "--no-defaults",
    `--basedir=${programs.base}`,
    `--lc-messages-dir=${programs.messages}`,
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    "--innodb-buffer-pool-size=32M",
    ...(isKept ? [] : [
      "--innodb-flush-log-at-trx-commit=0",
      "--skip-innodb-doublewrite",
    ]),
    ...(engine === "mysql"
      ? [
        "--mysqlx=OFF",
        "--disable-log-bin",
        "--performance-schema=OFF",
        "--secure-file-priv=NULL", // the folder that it was built with need not exist
        ...(isKept ? [] : ["--innodb-redo-log-capacity=8M"]),
      ]
      : isKept
      ? []
      : ["--innodb-log-file-size=8M"]),
  ];
}
