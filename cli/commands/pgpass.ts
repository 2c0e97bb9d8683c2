import type { Command } from "commander";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { WatchOptions } from "../sync/run.ts";
import {
  addWatchOptions,
  type WriterRequest,
} from "../sync/writer_requests.ts";
import { addTargetsOptions } from "../target/target_options.ts";
import type { TargetOptions } from "../target/target_options.ts";

interface FileOptions {
  file?: string;
}

const FILE = [
  "--file <path>",
  "passfile (env: PGPASSFILE; default: libpq's own)",
] as const;

/** Declares `pgpass` and what it can do. */
export function declare(command: Command, invocation: Invocation): void {
  addExamples(command, [
    "rdsiam pgpass sync --watch",
    "rdsiam pgpass list",
  ]);
  declareSync(command.command("sync"), invocation);
  declareList(command.command("list"), invocation);
  declareRemove(command.command("remove"), invocation);
}

function declareSync(command: Command, invocation: Invocation) {
  command.description("put an entry for each target into the passfile");
  addTargetsOptions(command).option(...FILE);
  addCommonOptions(addWatchOptions(command));
  addExamples(command, [
    "rdsiam pgpass sync --watch",
    "rdsiam pgpass sync orders billing",
  ]).action(
    async (
      names: string[],
      options: TargetOptions & WatchOptions & FileOptions,
    ) => {
      const reporter = applyVerbosity(invocation, options);
      const { onRefresh } = options;
      const writers = [passfileRequest(options)];
      const request = { names, options, writers, onRefresh };
      const { runSync } = await import("../sync/run.ts");
      await runSync(request, options, invocation, reporter);
    },
  );
}

function declareList(command: Command, invocation: Invocation) {
  command.description("what rdsiam manages in the passfile, with time left")
    .option(...FILE);
  addCommonOptions(command);
  addExamples(command, ["rdsiam pgpass list", "rdsiam pgpass list --json"])
    .action(async (options: FileOptions & CommonOptions) => {
      applyVerbosity(invocation, options);
      const { listManaged } = await import("../sync/list.ts");
      await listManaged(passfileRequest(options), options, invocation);
    });
}

function declareRemove(command: Command, invocation: Invocation) {
  command.description("take entries out of the passfile, all without a name")
    .argument("[target...]", "names, as rdsiam pgpass list shows them")
    .option(...FILE);
  addCommonOptions(command);
  addExamples(command, [
    "rdsiam pgpass remove orders",
    "rdsiam pgpass remove --file ~/other",
  ]).action(async (names: string[], options: FileOptions & CommonOptions) => {
    const reporter = applyVerbosity(invocation, options);
    const request = passfileRequest(options);
    const { removeManaged } = await import("../sync/remove.ts");
    await removeManaged(request, names, options, invocation, reporter);
  });
}

function passfileRequest({ file }: FileOptions): WriterRequest {
  return {
    writer: "pgpass",
    options: {},
    pathOption: "--file PATH",
    ...(file !== undefined && { path: file }),
  };
}
