import type { Command } from "commander";
import { parsePolicy, type Policy } from "../../core/policy/policy.ts";
import type { EngineName } from "../../core/engine/engine.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { formatAddress } from "../../core/target/address.ts";
import { emulatedArn } from "../../services/emulator/judge.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  collect,
  type Invocation,
} from "../frame/command.ts";
import {
  DEFAULT_ACCESS_KEY,
  type EmulatorCommandOptions,
  type EmulatorSettings,
  readEmulatorSettings,
} from "../emulator/settings.ts";
import { type RunningEmulator, startWholeEmulator } from "../emulator/start.ts";
import type { Reporter } from "../frame/output.ts";
import { untilAborted } from "../../core/ports/within.ts";

/** Declares `emulator`. */
export function declare(command: Command, invocation: Invocation): void {
  command
    .option(
      "--engine <engine>",
      "postgres, mysql or mariadb: a real server of that kind (default: postgres)",
    )
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
      "master user, no superuser (default: postgres or admin, and a generated password, printed)",
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
    .option("--no-iam", "IAM authentication off (MySQL and MariaDB)")
    .option("--server <dir>", "installation of the server to run")
    .option("--postgres <dir>", "the same, for PostgreSQL")
    .option("--tls-dir <dir>", "folder that its CA is written to, as ca.pem");
  addCommonOptions(command);
  addExamples(command, [
    "rdsiam emulator --tls-dir . --listen 127.0.0.1:5433",
    "rdsiam emulator --endpoint orders.abc.eu-west-1.rds.amazonaws.com --policy policy.json",
    "rdsiam emulator --engine mariadb --listen 127.0.0.1:3306",
  ]).action((options: EmulatorCommandOptions) => run(options, invocation));
}

async function run(
  options: EmulatorCommandOptions,
  invocation: Invocation,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const settings = readEmulatorSettings(options);
  const policy = await readPolicy(options.policy);
  const signal = context.stopSignal();
  try {
    await using emulator = await startWholeEmulator({
      settings,
      policy,
      tlsFolder: options.tlsDir,
      signal,
      context,
      reporter,
    });
    if (policy !== undefined) {
      const arn = emulatedArn(settings, "USER");
      reporter.info(`the policy must allow rds-db:connect on ${arn}`);
    }
    announce(settings, emulator, options, invocation, reporter);
    await Promise.race([emulator.exited, untilAborted(signal)]);
    if (!signal.aborted) {
      throw new RdsiamError(
        "failed",
        "The server of the emulator has ended by itself",
        {
          hint: "Run again with --verbose to see its log",
        },
      );
    }
  } catch (error) {
    // Asked to end while it was starting: nothing has failed.
    if (!signal.aborted) throw error;
  }
}

async function readPolicy(
  path: string | undefined,
): Promise<Policy | undefined> {
  if (path === undefined) return undefined;
  try {
    return parsePolicy(await Deno.readTextFile(path));
  } catch (cause) {
    if (cause instanceof RdsiamError) throw cause;
    const why = errorMessage(cause);
    throw new RdsiamError("usage", `Policy "${path}" cannot be read: ${why}`, {
      cause,
    });
  }
}

/** How to go on for a client of each engine. */
const CLIENTS: Readonly<Record<EngineName, string>> = {
  postgres: "-d postgres -- psql",
  mysql: "-- mysql",
  mariadb: "-- mariadb",
};

function announce(
  settings: EmulatorSettings,
  { port, ca }: RunningEmulator,
  options: EmulatorCommandOptions,
  { context }: Invocation,
  reporter: Reporter,
) {
  const { host, region, accessKeys, engine } = settings;
  const listen = formatAddress(settings.listen.host, port);
  const username = settings.master.username;
  const password = settings.master.password.reveal();
  if (options.json) {
    const ready = {
      event: "ready",
      listen,
      ca,
      master: { username, password },
    };
    context.stdout.write(`${JSON.stringify(ready)}\n`);
    return;
  }
  reporter.info(
    `endpoint ${formatAddress(host, settings.port)} in ${region}, CA ${ca}`,
  );
  const isGiven = options.master !== undefined;
  reporter.info(
    `master user ${username}${isGiven ? "" : `, password ${password}`}`,
  );
  reporter.info(
    `tokens signed by ${accessKeys.map(({ id }) => id).join(", ")}`,
  );
  reporter.info(
    `log in with: rdsiam exec ${
      engine === "postgres" ? "" : `--engine ${engine} `
    }-h ${host} -p ${settings.port} --connect ${listen} --sslrootcert ${ca} -U USER ${
      CLIENTS[engine]
    }`,
  );
  context.stdout.write(`listening on ${listen}\n`);
}
