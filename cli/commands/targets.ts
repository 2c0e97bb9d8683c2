import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import {
  addCommonOptions,
  addExamples,
  type Invocation,
} from "../frame/command.ts";
import { addConfigOption } from "../target/target_options.ts";
import { declareAdd } from "../targets/add.ts";
import { declareDiscover } from "../targets/discover.ts";
import { type ListOptions, listTargets } from "../targets/list.ts";
import { declareRemove } from "../targets/remove.ts";
import { declareShow } from "../targets/show.ts";

/** Declares `targets` and its subcommands; alone, it lists. */
export function declare(command: Command, invocation: Invocation): void {
  addCommonOptions(addConfigOption(command))
    .allowExcessArguments() // run() suggests what was meant
    .action((options: ListOptions) => run(options, command, invocation));
  addExamples(command, [
    "rdsiam targets",
    "rdsiam targets add orders postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders",
    "rdsiam exec orders -- psql",
  ]);
  declareShow(command.command("show"), invocation);
  declareAdd(command.command("add"), invocation);
  declareDiscover(command.command("discover"), invocation);
  declareRemove(command.command("remove"), invocation);
}

async function run(
  options: ListOptions,
  { args: [unknown], commands }: Command,
  invocation: Invocation,
): Promise<void> {
  if (unknown === undefined) return await listTargets(options, invocation);
  const names = commands.map((command) => command.name());
  throw new RdsiamError(
    "usage",
    /^[\w-]+$/.test(unknown)
      ? `Unknown command "targets ${unknown}"`
      : "Unknown command",
    { hint: didYouMean(unknown, names) ?? `Known: ${names.join(", ")}` },
  );
}
