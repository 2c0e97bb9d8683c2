import type { Policy } from "../../core/access/policy.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  bootstrapStatements,
  iamMembershipQuery,
  RDS_ADMIN,
} from "../../services/emulator/bootstrap.ts";
import { startEmulator } from "../../services/emulator/emulator.ts";
import { DIRECT_TLS_PROTOCOL } from "../../services/negotiate.ts";
import type { Context } from "../context.ts";
import type { Reporter } from "../output.ts";
import type { EmulatorSettings } from "./settings.ts";

/** What an emulator is started with. */
export interface EmulatorStart {
  settings: EmulatorSettings;
  policy: Policy | undefined;
  /** The folder that the CA is written to; a private one where none is named. */
  tlsFolder: string | undefined;
  /** Stops the start when it aborts. */
  signal: AbortSignal;
  context: Context;
  reporter: Reporter;
}

/** A running emulator; disposing of it ends it and clears it away. */
export interface RunningEmulator extends AsyncDisposable {
  /** The port it listens on. */
  port: number;
  /** The file of its CA. */
  ca: string;
  /** Resolves when its PostgreSQL has ended. */
  exited: Promise<void>;
}

/** Starts PostgreSQL, makes it look like RDS's, and puts RDS's way of logging in before it. */
export async function startWholeEmulator(
  start: EmulatorStart,
): Promise<RunningEmulator> {
  const { settings, policy, context, reporter } = start;
  const { clock } = context;
  await using resources = new AsyncDisposableStack();
  const { server, backend } = await startBackend(start, resources);
  const { createTlsAuthority } = await import(
    "../../adapters/tls_authority.ts"
  );
  const { listenTcp } = await import("../../adapters/net.ts");
  const authority = await createTlsAuthority(
    [settings.host],
    new Date(clock.now()),
  );
  const tls = { ...authority, protocols: [DIRECT_TLS_PROTOCOL] };
  const listener = await startEmulator({ ...settings, policy }, {
    backend,
    clock,
    listen: (host, port, accept) => listenTcp(host, port, tls, accept),
    log: (line) =>
      reporter.info(`${new Date(clock.now()).toISOString()} ${line}`),
  });
  resources.defer(() => listener.close());
  // Not before: the CA of an emulator that runs already may stand there.
  const ca = await writeCa(authority.ca, start, resources);
  const running = resources.move();
  return {
    port: listener.port,
    ca,
    exited: server.exited,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function startBackend(
  { settings, signal, reporter }: EmulatorStart,
  resources: AsyncDisposableStack,
) {
  const { startPostgresServer } = await import(
    "../../adapters/postgres_server.ts"
  );
  const { createEmulatorBackend } = await import(
    "../../adapters/emulator_backend.ts"
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
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RdsiamError(
      "failed",
      `The CA cannot be written to "${tlsFolder}": ${why}`,
      { hint: "Name a folder that you can write to with --tls-dir", cause },
    );
  }
}
