import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import { findManager } from "../../core/daemon/find_manager.ts";
import { isDaemonName } from "../../core/daemon/definition.ts";
import type { DaemonManager } from "../../core/daemon/manager.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";

interface ServiceOptions extends CommonOptions {
  name: string;
  dryRun?: boolean;
}

type Action = (
  options: ServiceOptions,
  manager: DaemonManager,
  invocation: Invocation,
) => Promise<void>;

/** Declares `service`. */
export function declare(command: Command, invocation: Invocation): void {
  addExamples(command, [
    "rdsiam service install",
    "rdsiam service status",
  ]);
  const install = addSubcommand(
    command,
    "install",
    "write the service's file and start it, now and at each login",
    [
      "rdsiam service install",
      "rdsiam service install -- pgpass sync --watch orders",
      "rdsiam service install --name orders-proxy --dry-run -- proxy orders",
    ],
  );
  install.usage("[options] [-- COMMAND]")
    .option("--dry-run", "print the file and do nothing")
    .action(async (options: ServiceOptions) =>
      await run((await import("../daemon/install.ts")).install, options)
    );
  const status = "tell whether it runs; exits 1 when it does not";
  addSubcommand(command, "status", status, ["rdsiam service status --json"])
    .action(async (options: ServiceOptions) =>
      await run((await import("../daemon/status.ts")).status, options)
    );
  const uninstall = "stop it and remove its file";
  addSubcommand(command, "uninstall", uninstall, ["rdsiam service uninstall"])
    .action(async (options: ServiceOptions) =>
      await run((await import("../daemon/uninstall.ts")).uninstall, options)
    );

  async function run(action: Action, options: ServiceOptions) {
    applyVerbosity(invocation, options);
    const { name } = options;
    if (!isDaemonName(name)) {
      throw new RdsiamError("usage", "The --name of the service is not valid", {
        hint: "Use letters, digits, - and _, at most 64",
      });
    }
    const { environment } = invocation.context;
    const place = { os: Deno.build.os, environment, uid: Deno.uid() };
    await action(options, findManager(name, place), invocation);
  }
}

function addSubcommand(
  parent: Command,
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  const command = parent.command(name).description(description)
    .option("--name <name>", "what to call the service", "rdsiam");
  return addExamples(addCommonOptions(command), examples);
}
