import type { Command } from "commander";
import { TARGET_KEYS, TARGET_SHAPE } from "../../core/config/definition.ts";
import { ENGINE_NAMES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { TargetField } from "../../core/target/fields.ts";
import { FLAGS, SHORT_FLAGS } from "../../core/target/flags.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import {
  addCommonOptions,
  addExamples,
  collect,
  type Invocation,
  offer,
} from "../frame/command.ts";
import { addSignInOption } from "../frame/sign_in.ts";
import { addConfigOption, offerFieldValues } from "../target/target_options.ts";
import type { ListOptions } from "../targets/list.ts";

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

function declareShow(command: Command, invocation: Invocation): void {
  command.description("print every field of a target, and what gave it")
    .argument("[target]", "as for every command (env: RDSIAM_TARGET)");
  addCommonOptions(addConfigOption(command));
  addExamples(command, ["rdsiam targets show orders"])
    .action(async (name: string | undefined) => {
      const { showTarget } = await import("../targets/show.ts");
      await showTarget(name, command.optsWithGlobals(), invocation);
    });
}

function declareAdd(command: Command, invocation: Invocation): void {
  command.description("give a database a name, in the configuration file")
    .argument("<name>", "what to call it")
    .argument("[url]", "postgres://user@host:port/db; the options override it");
  for (const [name, key] of Object.entries(TARGET_KEYS)) {
    const field = name as TargetField;
    const short = SHORT_FLAGS[field];
    command.option(
      `${short === undefined ? "" : `${short}, `}${FLAGS[field]} <${key}>`,
      TARGET_SHAPE.keys[key].about,
    );
  }
  offerFieldValues(command)
    .option("--admin-username <name>", "who setup-db and grant log in as")
    .option("--admin-iam", "the administrator logs in with a token");
  addCommonOptions(addConfigOption(command));
  addExamples(command, [
    "rdsiam targets add orders postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders",
    "rdsiam targets add audit -h audit.abc.eu-west-1.rds.amazonaws.com -U auditor --profile prod",
  ]).action(async (name: string, url: string | undefined) => {
    const { runAdd } = await import("../targets/add.ts");
    await runAdd(name, url, command.optsWithGlobals(), invocation);
  });
}

function declareDiscover(
  command: Command,
  invocation: Invocation,
): void {
  command.description("find the databases of an AWS account")
    .argument(
      "[name...]",
      "only these, * and ? being wildcards; with --save, what is saved",
    )
    .option("--region <region>", "where to look (repeatable)", collect)
    .option("--all-regions", "look in every region of the partition")
    .option("--engine <name>", "only postgres, mysql or mariadb")
    .option("--profile <name>", "AWS shared-config profile (env: AWS_PROFILE)")
    .option("--role-arn <arn>", "role to assume first")
    .option(
      "--accounts <ids>",
      "look in these accounts, commas between, or in organization",
    )
    .option("--role-name <name>", "with --accounts: role to assume in each")
    .option("--tag <key=value>", "only what has this tag (repeatable)", collect)
    .option("--iam <state>", "only where IAM authentication is on, or off")
    .option(
      "--name-template <text>",
      "names made of {name}, {region} and {account}",
    )
    .option(
      "--save",
      "add them to the configuration file: the named, or chosen from a list",
    )
    .option("--all", "with --save: all that match, without a question")
    .option("--prune", "tell which saved targets are gone from there")
    .option("--yes", "with --prune: take them out")
    .option(
      "-U, --username <name>",
      "database user of what is saved; default: asked for",
    );
  offer(command, "--engine", ENGINE_NAMES);
  offer(command, "--profile", "profiles");
  addCommonOptions(addConfigOption(addSignInOption(command)));
  addExamples(command, [
    "rdsiam targets discover --region eu-west-1 --region us-east-1",
    "rdsiam targets discover --save",
    "rdsiam targets discover --save orders -U app",
    "rdsiam targets discover --accounts organization --role-name rdsiam --tag team=shop --save --all -U app",
  ]).action(async (names: string[]) => {
    const { runDiscover } = await import("../targets/discover.ts");
    await runDiscover(names, command.optsWithGlobals(), invocation);
  });
}

function declareRemove(command: Command, invocation: Invocation): void {
  command.description("take a target out of the configuration file")
    .argument("<name>", "what it is called");
  offer(command, "name", "targets");
  addCommonOptions(addConfigOption(command));
  addExamples(command, ["rdsiam targets remove orders"])
    .action(async (name: string) => {
      const { runRemove } = await import("../targets/remove.ts");
      await runRemove(name, command.optsWithGlobals(), invocation);
    });
}

async function run(
  options: ListOptions,
  { args: [unknown], commands }: Command,
  invocation: Invocation,
): Promise<void> {
  if (unknown === undefined) {
    const { listTargets } = await import("../targets/list.ts");
    return await listTargets(options, invocation);
  }
  const names = commands.map((command) => command.name());
  throw new RdsiamError(
    "usage",
    /^[\w-]+$/.test(unknown)
      ? `Unknown command "targets ${unknown}"`
      : "Unknown command",
    { hint: didYouMean(unknown, names) ?? `Known: ${names.join(", ")}` },
  );
}
