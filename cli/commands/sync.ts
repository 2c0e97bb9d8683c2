import type { Command } from "commander";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type Invocation,
} from "../frame/command.ts";
import type { WatchOptions } from "../sync/run.ts";
import { addWatchOptions, addWriterOptions } from "../sync/writer_requests.ts";
import { addTargetsOptions } from "../target/target_options.ts";
import type { TargetOptions } from "../target/target_options.ts";
import { RdsiamError } from "../../core/errors.ts";

interface SyncOptions extends TargetOptions, WatchOptions {
  remove?: boolean;
}

/** Declares `sync`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetsOptions(command);
  const writers = addWriterOptions(command);
  addWatchOptions(command)
    .option("--remove", "take the entries out again instead");
  addCommonOptions(command);
  addExamples(command, [
    "rdsiam sync --watch",
    "rdsiam sync orders billing --writer pgpass --writer pg-service",
    "rdsiam sync orders --writer password-file=~/.orders-token --watch",
    "rdsiam sync orders --writer mycnf=orders.cnf --option flavor=mysql",
    "rdsiam sync orders --writer k8s-secret='|kubectl apply --server-side -f -' --watch",
  ]).action(async (names: string[], options: SyncOptions) => {
    const reporter = applyVerbosity(invocation, options);
    const { onRefresh } = options;
    const { runRemove, runSync } = await import("../sync/run.ts");
    const request = { names, options, writers, onRefresh };
    if (!options.remove) {
      return await runSync(request, options, invocation, reporter);
    }
    if (options.watch) {
      throw new RdsiamError("usage", "--remove and --watch exclude each other");
    }
    await runRemove(request, options, invocation, reporter);
  });
}
