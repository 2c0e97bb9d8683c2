import { join } from "node:path";
import { runServer, startError } from "../local_server/run.ts";
import { POSTGRES } from "./kind.ts";
import type { ServerUser } from "../local_server/server_user.ts";
import { SupervisedProcess } from "../local_server/supervised_process.ts";

const READY = "database system is ready to accept connections";
const DATA_IN_USE = 'lock file "postmaster.pid" already exists';

/** What initdb and the server run with. */
export interface PostgresProcessOptions {
  /** The folder of the programs, absolute. */
  bin: string;
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
export interface PostgresListening {
  /** The folder of its socket, absolute. */
  socketFolder: string;
  /** The file that says who may log in how, absolute. */
  hbaFile: string;
  /** Gives a TCP port that is free. */
  pickPort: () => number;
  /** Called with each line of the server's log. */
  onLog: ((line: string) => void) | undefined;
}

/**
 * Makes a cluster in a folder that does not exist yet.
 *
 * @throws {RdsiamError} `failed`, with the last lines of initdb
 */
export async function initialiseCluster(
  superuser: string,
  options: PostgresProcessOptions,
): Promise<void> {
  const command = [
    join(options.bin, "initdb"),
    `--pgdata=${options.data}`,
    `--username=${superuser}`,
    // Our own rules are given to the server; by those in the folder nobody gets in, should another server use it.
    "--auth=reject",
    "--encoding=UTF8",
    "--locale=C",
    // The log of what goes again need not be long: 16 MB are written otherwise before the first statement.
    ...(options.isKept ? [] : ["--no-sync", "--wal-segsize=1"]),
  ];
  const process = new SupervisedProcess(command, options);
  const code = await process.exited;
  options.signal?.throwIfAborted();
  if (code !== 0) {
    throw startError(POSTGRES.product, command, code, process.lastLines);
  }
}

/**
 * Starts a server on a cluster and waits until it takes connections.
 *
 * @returns the server's process and its port
 * @throws {RdsiamError} `usage`, when another server uses the data; `failed`, with the last lines of its log
 */
export async function runPostgres(
  options: PostgresProcessOptions,
  listening: PostgresListening,
): Promise<{ process: SupervisedProcess; port: number }> {
  return await runServer({
    ...options,
    ...listening,
    product: POSTGRES.product,
    listen: { host: "127.0.0.1", port: 0 },
    command: (port) => [
      join(options.bin, "postgres"),
      ...serverArguments(port, options, listening),
    ],
    ready: READY,
    dataInUse: DATA_IN_USE,
  });
}

function serverArguments(
  port: number,
  { data, isKept }: PostgresProcessOptions,
  { socketFolder, hbaFile }: PostgresListening,
): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    hba_file: hbaFile,
    ssl: "off",
    password_encryption: "scram-sha-256",
    log_destination: "stderr",
    logging_collector: "off",
    log_min_messages: "warning",
    lc_messages: "C",
    // Statements hold passwords; a log that says nothing of them cannot leak one.
    log_statement: "none",
    log_min_error_statement: "panic",
    log_min_duration_statement: -1,
    ...(isKept
      ? {}
      : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return [
    "-D",
    data,
    ...Object.entries(settings).flatMap((
      [name, value],
    ) => ["-c", `${name}=${value}`]),
  ];
}
