import { join, resolve } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import { dataError, ServerData } from "../local_server/data.ts";
import {
  createServerFolder,
  removeServerFolder,
} from "../local_server/folder.ts";
import {
  findServerUser,
  giveTo,
  type ServerUser,
} from "../local_server/server_user.ts";
import { listenForQuestions, type LoginQuestion } from "./judge_socket.ts";
import { dataKind, serverKind, VERSION_FILE } from "./kind.ts";
import { installPlugin, PLUGIN_FILE } from "./plugin.ts";
import { initialiseData, runMysql } from "./process.ts";
import { findMysqlPrograms, type MysqlEngine, PRODUCTS } from "./programs.ts";

/** What a server is to be. */
export interface MysqlServerOptions {
  engine: MysqlEngine;
  /** Where its programs are; left out, those of this machine. */
  binaries?: string;
  /** The folder of the data, kept afterwards. Left out, the data goes with the server. */
  data?: string;
  /** Where it listens; port 0 for a free one. */
  listen: { host: string; port: number };
  /** Its certificate, the key of that, and the authority, as PEM. */
  tls: { ca: string; certificate: string; privateKey: string };
  /** Statements that it runs as a superuser at each start, by its version and whether its data is new. */
  statements: (version: string, isNew: boolean) => readonly string[];
  /** Says whether an account of AWSAuthenticationPlugin gets in; left out, the server has no such plugin. */
  judge?: (question: LoginQuestion) => Promise<boolean>;
  /** The environment of this program: it names the cache folder. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Called with each line of the server's log. */
  onLog?: (line: string) => void;
  /** Stops the server when it aborts. */
  signal?: AbortSignal;
}

/** A running server of MySQL or MariaDB. */
export interface MysqlServer extends AsyncDisposable {
  /** Its version, such as `10.11.19`. */
  readonly version: string;
  /** Its port. */
  readonly port: number;
  /** The path of its socket, in a folder that is closed to other users. */
  readonly socket: string;
  /** Resolves when the server has ended and is cleared away. */
  readonly exited: Promise<void>;
}

/**
 * Starts a server for this program alone. It ends with this program, even when that is killed, and Ctrl-C does not reach
 * it. As root it runs as another user.
 *
 * @throws {RdsiamError} `usage`, when the folder of the programs or of the data cannot be used; `failed`, when there is
 * no such server or C compiler on this machine, or it does not start
 */
export async function startMysqlServer(
  options: MysqlServerOptions,
): Promise<MysqlServer> {
  const { engine, signal, listen, onLog } = options;
  const kind = serverKind(engine);
  signal?.throwIfAborted();
  if (Deno.build.os === "windows") {
    throw new RdsiamError(
      "failed",
      `${kind.product} cannot be started: this works only on Linux and macOS`,
      { hint: "Run this in the Windows Subsystem for Linux" },
    );
  }
  await using started = new AsyncDisposableStack();
  const kept = options.data === undefined ? undefined : started.use(
    await ServerData.open(resolve(options.data), dataKind(engine)),
  );
  const user = await findServerUser(kind, kept?.path);
  await kept?.checkAccess(user);
  const programs = await findMysqlPrograms(engine, options.binaries, user);
  const { folder, socketFolder } = await createServerFolder(
    kind,
    user,
    "server.sock",
  );
  started.defer(() => removeServerFolder(folder));
  const data = kept?.path ?? join(folder, "data");
  const isKept = kept !== undefined;
  const base = { engine, programs, isKept, folder, user, signal };
  const isNew = kept?.version === undefined;
  const label = `${PRODUCTS[engine]} ${seriesOf(programs.version)}`;
  if (isNew) {
    const target = await kept?.prepare(user) ?? data;
    await initialiseData({ ...base, data: target });
    await Deno.writeTextFile(join(target, VERSION_FILE), `${label}\n`);
    await kept?.adopt();
  } else if (kept?.version !== label) {
    throw dataError(
      data,
      `it is of ${kept?.version}, and the server is ${label}`,
      `Name a folder of ${kept?.version} with --server DIR`,
    );
  }
  const files = await writeFiles(folder, user, {
    ...options.tls,
    statements: options.statements(programs.version, isNew),
  });
  const judgePath = join(socketFolder, "judge.sock");
  if (options.judge !== undefined) {
    await installPlugin({ folder, environment: options.environment });
    started.use(await listenForQuestions(judgePath, user, options.judge));
  }
  const socket = join(socketFolder, "server.sock");
  const { process, port } = await runMysql({ ...base, data }, {
    listen,
    socket,
    onLog,
    env: { RDSIAM_JUDGE: judgePath },
    options: [
      `--init-file=${files.statements}`,
      `--ssl-ca=${files.ca}`,
      `--ssl-cert=${files.certificate}`,
      `--ssl-key=${files.privateKey}`,
      ...(options.judge === undefined ? [] : [
        `--plugin-dir=${folder}`,
        `--plugin-load-add=AWSAuthenticationPlugin=${PLUGIN_FILE}`,
      ]),
    ],
  });
  await Deno.remove(files.statements); // it holds a password
  const cleanup = started.move();
  const exited = process.exited.then(() => cleanup.disposeAsync());
  return {
    version: programs.version,
    port,
    socket,
    exited,
    async [Symbol.asyncDispose]() {
      await process.stop();
      await exited;
    },
  };
}

/** The first two numbers of a version: data is of a series. */
function seriesOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Writes what the server reads, for its user alone. */
async function writeFiles(
  folder: string,
  user: ServerUser | undefined,
  { ca, certificate, privateKey, statements }: MysqlServerOptions["tls"] & {
    statements: readonly string[];
  },
) {
  async function write(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await Deno.writeTextFile(path, content, { mode: 0o600, createNew: true });
    await giveTo(user, path);
    return path;
  }
  return {
    ca: await write("ca.pem", ca),
    certificate: await write("server.pem", certificate),
    privateKey: await write("server.key", privateKey),
    // One statement a line.
    statements: await write("init.sql", `${statements.join(";\n")};\n`),
  };
}
