import type { EngineName } from "../../core/engine/engine.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { parsePolicy, type Policy } from "../../core/policy/policy.ts";
import { untilAborted } from "../../core/ports/within.ts";
import { formatAddress } from "../../core/target/address.ts";
import { emulatedArn } from "../../services/emulator/judge.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import {
  type EmulatorCommandOptions,
  type EmulatorSettings,
  readEmulatorSettings,
} from "./settings.ts";
import {
  type EmulatorContext,
  type RunningEmulator,
  startWholeEmulator,
} from "./start.ts";

/** Runs `emulator`. */
export async function runEmulator(
  options: EmulatorCommandOptions,
  invocation: Invocation<
    EmulatorContext & Pick<Context, "stdout" | "stopSignal">
  >,
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
        "The server of the emulator ended unexpectedly",
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
  { context }: Invocation<Pick<Context, "stdout">>,
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
