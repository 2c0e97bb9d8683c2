import type { Command } from "commander";
import { parsePolicy } from "../../core/access/policy.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { PrivateFolder } from "../../core/ports.ts";
import { formatAddress } from "../../core/target/address.ts";
import {
  bootstrapStatements,
  iamMembershipQuery,
  RDS_ADMIN,
} from "../../services/emulator/bootstrap.ts";
import { startEmulator } from "../../services/emulator/emulator.ts";
import { emulatedArn } from "../../services/emulator/judge.ts";
import { DIRECT_TLS_PROTOCOL } from "../../services/emulator/negotiate.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type Invocation,
} from "../command.ts";
import type { Context } from "../context.ts";
import {
  DEFAULT_ACCESS_KEY,
  type EmulatorCommandOptions,
  type EmulatorSettings,
  readEmulatorSettings,
} from "../emulator_settings.ts";
import type { Reporter } from "../output.ts";

/** Declares `emulator`. */
export function declare(command: Command, invocation: Invocation): void {
  function collect(value: string, previous: string[] = []) {
    return [...previous, value];
  }
  command
    .option(
      "--listen <addr:port>",
      "where to listen, on loopback (default: a free port)",
    )
    .option("--endpoint <host[:port]>", "what tokens must be signed for")
    .option(
      "--region <region>",
      "region of the database (default: the endpoint's)",
    )
    .option(
      "--access-key <id:secret[:session-token]>",
      `key that may sign, repeatable (default: AWS's example key ${DEFAULT_ACCESS_KEY.id})`,
      collect,
    )
    .option(
      "--master <user:password>",
      "master user, no superuser (default: postgres and a generated password, printed)",
    )
    .option(
      "--token-lifetime <seconds>",
      "how long tokens are good for (default: 900)",
    )
    .option(
      "--admin-option-counts",
      "count memberships as stock PostgreSQL 16 and later do",
    )
    .option("--policy <file>", "IAM policy that must allow rds-db:connect")
    .option("--data <dir>", "folder of the data, kept (default: thrown away)")
    .option("--postgres <dir>", "PostgreSQL programs to run")
    .option("--tls-dir <dir>", "folder that its CA is written to, as ca.pem");
  addCommonOptions(command);
  addExamples(command, [
    "rdsiam emulator --tls-dir . --listen 127.0.0.1:5433",
    "rdsiam emulator --endpoint orders.abc.eu-west-1.rds.amazonaws.com --policy policy.json",
  ]).action((options: EmulatorCommandOptions) => run(options, invocation));
}

async function run(
  options: EmulatorCommandOptions,
  invocation: Invocation,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const settings = readEmulatorSettings(options);
  const policy = options.policy === undefined
    ? undefined
    : parsePolicy(await readText(options.policy));
  const stop = context.stopSignal();
  await using resources = new AsyncDisposableStack();
  try {
    const { backend, server } = await startBackend(
      settings,
      stop,
      reporter,
      resources,
    );
    const { createTlsAuthority } = await import(
      "../../adapters/tls_authority.ts"
    );
    const { listenTcp } = await import("../../adapters/net.ts");
    const { host, port } = settings.endpoint;
    const { ca, ...identity } = await createTlsAuthority(
      [host],
      new Date(context.clock.now()),
    );
    const tls = { ...identity, protocols: [DIRECT_TLS_PROTOCOL] };
    const caFile = await writeCa(ca, options.tlsDir, context, resources);
    const listener = await startEmulator({
      ...settings,
      host,
      port,
      endpoint: settings.rdsEndpoint,
      policy,
    }, {
      backend,
      clock: context.clock,
      listen: (host, port, accept) => listenTcp(host, port, tls, accept),
      log: (line) =>
        reporter.info(`${new Date(context.clock.now()).toISOString()} ${line}`),
    });
    resources.defer(() => listener.close());
    if (policy !== undefined) {
      reporter.info(
        `The policy must allow rds-db:connect on ${
          emulatedArn({ ...settings, endpoint: settings.rdsEndpoint }, "USER")
        }`,
      );
    }
    announce(settings, listener.port, caFile, options, context, reporter);
    await Promise.race([aborted(stop), server.exited]);
    if (!stop.aborted) {
      throw new RdsiamError(
        "failed",
        "PostgreSQL of the emulator has ended by itself",
        {
          hint: "Run again with --verbose to see its log",
        },
      );
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

async function startBackend(
  settings: EmulatorSettings,
  signal: AbortSignal,
  reporter: Reporter,
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
  const backend = resources.use(
    await createEmulatorBackend(server, {
      superuser: RDS_ADMIN,
      bootstrap: bootstrapStatements(settings.master, server.major),
      iamMembershipQuery: iamMembershipQuery(
        server.major,
        settings.adminOptionCounts,
      ),
    }),
  );
  return { server, backend };
}

async function writeCa(
  ca: string,
  folder: string | undefined,
  context: Context,
  resources: AsyncDisposableStack,
): Promise<string> {
  if (folder === undefined) {
    const own: PrivateFolder = resources.use(await context.createFolder());
    return await own.write("ca.pem", ca);
  }
  try {
    await Deno.mkdir(folder, { recursive: true });
    const path = `${await Deno.realPath(folder)}/ca.pem`;
    await Deno.writeTextFile(path, ca);
    return path;
  } catch (cause) {
    throw new RdsiamError("failed", `The CA cannot be written to "${folder}"`, {
      hint: "Name a folder that you can write to with --tls-dir",
      cause,
    });
  }
}

function announce(
  settings: EmulatorSettings,
  port: number,
  ca: string,
  options: EmulatorCommandOptions,
  context: Context,
  reporter: Reporter,
) {
  const { master, endpoint, accessKeys, region } = settings;
  const listen = formatAddress(settings.listen.host, port);
  const password = master.password.reveal();
  if (options.json) {
    const ready = {
      event: "ready",
      listen,
      ca,
      master: { username: master.username, password },
    };
    context.stdout.write(`${JSON.stringify(ready)}\n`);
    return;
  }
  const name = formatAddress(endpoint.host, endpoint.port);
  reporter.info(`endpoint ${name} in ${region}, CA ${ca}`);
  reporter.info(`master user ${master.username}, password ${password}`);
  reporter.info(
    `tokens signed by ${accessKeys.map(({ id }) => id).join(", ")}`,
  );
  reporter.info(
    `log in with: rdsiam exec -h ${endpoint.host} -p ${endpoint.port} --connect ${listen} --sslrootcert ${ca} -U USER -- psql`,
  );
  context.stdout.write(`listening on ${listen}\n`);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new RdsiamError("usage", `File "${path}" cannot be read`, { cause });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
