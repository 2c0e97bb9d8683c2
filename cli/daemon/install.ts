import type { Context } from "../frame/context.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { DaemonManager } from "../../core/daemon/manager.ts";
import { daemonEnvironment } from "../../core/daemon/environment.ts";
import type { DaemonDefinition } from "../../core/daemon/definition.ts";
import type { Invocation } from "../frame/command.ts";
import { ownCommand } from "../frame/own_command.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";
import { NoManager, order, orderLoosely } from "./drive.ts";
import { writeDaemonFile } from "./daemon_file.ts";

/** What a service runs when nothing else is asked for: every `[[sync]]` of the configuration file. */
const DEFAULT_COMMAND = ["sync", "--watch"];

/** How to install a service. */
export interface InstallOptions {
  name: string;
  dryRun?: boolean;
  json?: boolean;
}

/** Writes a service's file and starts the service; without its manager it says what to run later. */
export async function install(
  { name, dryRun = false, json = false }: InstallOptions,
  manager: DaemonManager,
  invocation: Invocation<Pick<Context, "stdout">>,
): Promise<void> {
  const { context: { environment, stdout }, reporter } = invocation;
  const command = ownCommand();
  const args = readArguments(invocation);
  await invocation.checkCommandLine(args);
  const { carried, leftOut } = daemonEnvironment(environment);
  const definition: DaemonDefinition = {
    name,
    command: [...command, ...args],
    folder: Deno.cwd(),
    environment: manager.hasEnvironment ? carried : {},
  };
  const text = manager.format(definition);
  const { path } = manager;
  for (const variable of leftOut) {
    reporter.warn(
      `${variable} is left out, since it is secret: give the service a profile, a role or a passfile`,
    );
  }
  if (!manager.hasEnvironment) warnOfVariables(carried, invocation);
  const result = { name, manager: manager.name, file: path };
  if (dryRun) {
    const document = { ...result, text, commands: manager.start };
    stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : text);
    return;
  }
  await writeDaemonFile(path, text, manager.folders);
  const isStarted = await start(manager, invocation);
  if (json) {
    stdout.write(`${JSON.stringify({ ...result, isStarted }, null, 2)}\n`);
    return;
  }
  const words = ["rdsiam", ...args].map(quoteForShell).join(" ");
  stdout.write(`wrote ${path}\n`);
  if (!isStarted) return;
  stdout.write(`started ${name}: ${words}\n`);
  if (manager.advice !== undefined) reporter.info(manager.advice);
}

async function start(
  manager: DaemonManager,
  { context: { environment }, reporter }: Invocation<Pick<Context, "stdout">>,
): Promise<boolean> {
  try {
    await orderLoosely(manager.end, environment);
    await order(manager.start, environment);
    return true;
  } catch (error) {
    if (!(error instanceof NoManager)) throw error;
    const lines = manager.start.map((command) =>
      command.map(quoteForShell).join(" ")
    );
    reporter.warn(
      `The service is not started, since ${error.message}. To start it: ${
        lines.join(" && ")
      }`,
    );
    return false;
  }
}

function readArguments(
  { trailing = [], reporter }: Invocation<Pick<Context, "stdout">>,
) {
  const [first = "sync"] = trailing;
  if (first === "rdsiam" || first === "" || first.startsWith("-")) {
    throw new RdsiamError(
      "usage",
      `The command of the service must begin with a command of rdsiam`,
      { hint: "Write: rdsiam service install -- pgpass sync --watch orders" },
    );
  }
  if (trailing.length === 0) return DEFAULT_COMMAND;
  if (trailing.includes("sync") && !trailing.includes("--watch")) {
    reporter.warn("The service ends after one sync, since --watch is missing");
  }
  return [...trailing];
}

function warnOfVariables(
  { PATH: _, ...carried }: Record<string, string>,
  { reporter }: Invocation<Pick<Context, "stdout">>,
) {
  const names = Object.keys(carried);
  if (names.length === 0) return;
  reporter.warn(
    `The service gets your user variables alone. To give it ${
      names.join(", ")
    }: setx NAME VALUE`,
  );
}
