import type { Policy } from "../../core/policy/policy.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import {
  bootstrapStatements,
  iamMembershipQuery,
  RDS_ADMIN,
} from "../../services/emulator/bootstrap.ts";
import { startEmulator } from "../../services/emulator/emulator.ts";
import { createJudge } from "../../services/emulator/judge.ts";
import { accountStatements } from "../../services/emulator/mysql/accounts.ts";
import { createLoginJudge } from "../../services/emulator/mysql/login_judge.ts";
import { DIRECT_TLS_PROTOCOL } from "../../services/connection/negotiate.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import type { EmulatorSettings } from "./settings.ts";

/** What an emulator needs from outside. */
export type EmulatorContext = Pick<
  Context,
  "clock" | "environment" | "createFolder"
>;

/** What an emulator is started with. */
export interface EmulatorStart {
  settings: EmulatorSettings;
  policy: Policy | undefined;
  /** The folder that the CA is written to; a private one where none is named. */
  tlsFolder: string | undefined;
  /** Stops the start when it aborts. */
  signal: AbortSignal;
  context: EmulatorContext;
  reporter: Reporter;
}

/** A running emulator; disposing of it ends it and clears it away. */
export interface RunningEmulator extends AsyncDisposable {
  /** The port it listens on. */
  port: number;
  /** The file of its CA. */
  ca: string;
  /** Resolves when its server has ended. */
  exited: Promise<void>;
}

/** Starts a server, makes it look like RDS's, and lets logins in the way RDS does. */
export async function startWholeEmulator(
  start: EmulatorStart,
): Promise<RunningEmulator> {
  await using resources = new AsyncDisposableStack();
  const { engine } = start.settings;
  const { authority, port, exited } = engine === "postgres"
    ? await startPostgresEmulator(start, resources)
    : await startMysqlEmulator(start, engine, resources);
  // Not before: the CA of an emulator that runs already may stand there.
  const ca = await writeCa(authority.ca, start, resources);
  const running = resources.move();
  return {
    port,
    ca,
    exited,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function createAuthority({ settings, context }: EmulatorStart) {
  const { createTlsAuthority } = await import(
    "../../adapters/emulator/tls_authority.ts"
  );
  return await createTlsAuthority(
    [settings.host],
    new Date(context.clock.now()),
  );
}

/** Puts RDS's way of logging in before PostgreSQL. */
async function startPostgresEmulator(
  start: EmulatorStart,
  resources: AsyncDisposableStack,
) {
  const { settings, policy, context } = start;
  const { clock } = context;
  const { server, backend } = await startBackend(start, resources);
  const { listenTcp } = await import("../../adapters/net/listen.ts");
  const authority = await createAuthority(start);
  const tls = { ...authority, protocols: [DIRECT_TLS_PROTOCOL] };
  const listener = startEmulator({ ...settings, policy }, {
    backend,
    clock,
    listen: (host, port, accept) => listenTcp(host, port, tls, accept),
    log: (line) => logLogin(start, line),
  });
  resources.defer(() => listener.close());
  return { authority, port: listener.address.port, exited: server.exited };
}

/** MySQL and MariaDB speak with clients themselves, and ask a plugin of ours about those of IAM. */
async function startMysqlEmulator(
  start: EmulatorStart,
  engine: "mysql" | "mariadb",
  resources: AsyncDisposableStack,
) {
  const { settings, policy, context, signal, reporter } = start;
  const { master } = settings;
  const { startMysqlServer } = await import(
    "../../adapters/mysql_server/server.ts"
  );
  const authority = await createAuthority(start);
  const judge = createLoginJudge(
    createJudge({ ...settings, policy, clock: context.clock }),
    (line) => logLogin(start, line),
  );
  const server = resources.use(
    await startMysqlServer({
      ...settings.server,
      engine,
      listen: settings.listen,
      tls: authority,
      statements: (version, isNew) =>
        accountStatements(engine, version, master, isNew),
      ...(settings.hasIam && { judge }),
      environment: context.environment,
      onLog: (line) => reporter.detail(line),
      signal,
    }),
  );
  reporter.detail(`${engine} ${server.version} on ${server.socket}`);
  return { authority, port: server.port, exited: server.exited };
}

function logLogin({ context, reporter }: EmulatorStart, line: string) {
  reporter.info(`${new Date(context.clock.now()).toISOString()} ${line}`);
}

async function startBackend(
  { settings, signal, reporter }: EmulatorStart,
  resources: AsyncDisposableStack,
) {
  const { startPostgresServer } = await import(
    "../../adapters/postgres_server/server.ts"
  );
  const { createEmulatorBackend } = await import(
    "../../adapters/emulator/backend.ts"
  );
  const server = resources.use(
    await startPostgresServer({
      ...settings.server,
      superuser: RDS_ADMIN,
      signal,
      onLog: (line) => reporter.detail(line),
    }),
  );
  reporter.detail(`PostgreSQL ${server.version} in ${server.socketFolder}`);
  const { master, adminOptionCounts } = settings;
  const backend = resources.use(
    await createEmulatorBackend(server, {
      superuser: RDS_ADMIN,
      bootstrap: bootstrapStatements(master, server.major),
      iamMembershipQuery: iamMembershipQuery(server.major, adminOptionCounts),
    }),
  );
  return { server, backend };
}

async function writeCa(
  ca: string,
  { tlsFolder, context }: EmulatorStart,
  resources: AsyncDisposableStack,
): Promise<string> {
  if (tlsFolder === undefined) {
    const folder = resources.use(await context.createFolder());
    return await folder.write("ca.pem", ca);
  }
  try {
    await Deno.mkdir(tlsFolder, { recursive: true });
    const path = `${await Deno.realPath(tlsFolder)}/ca.pem`;
    await Deno.writeTextFile(path, ca);
    return path;
  } catch (cause) {
    const why = errorMessage(cause);
    throw new RdsiamError(
      "failed",
      `The CA cannot be written to "${tlsFolder}": ${why}`,
      { hint: "Name a folder that you can write to with --tls-dir", cause },
    );
  }
}
