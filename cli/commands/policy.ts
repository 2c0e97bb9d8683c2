import type { Command } from "commander";
import { POLICY_FORMATS } from "../../core/policy/format.ts";
import {
  addCommonOptions,
  addExamples,
  collect,
  type Invocation,
  offer,
} from "../frame/command.ts";
import { addSignInOption } from "../frame/sign_in.ts";
import type { PolicyOptions } from "../policy/options.ts";
import { addTargetsOptions } from "../target/target_options.ts";

/** Declares `policy`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetsOptions(command)
    .option(
      "--user <name>",
      "database user who may connect, repeatable (default: the target's username)",
      collect,
    )
    .option("--any-user", "every database user that logs in with IAM")
    .option(
      "--resource-id <id>",
      "db-…, cluster-… or prx-… of the database (default: looked up)",
    )
    .option(
      "--account <id>",
      "with --resource-id: the database's account (default: your identity's)",
    )
    .option("--per-user", "a statement for each user")
    .option("--format <form>", "json (default), terraform or cloudformation")
    .option(
      "--form <form>",
      "managed (default: several where one would be too long), inline or permission-set",
    )
    .option(
      "--enable",
      "turn IAM authentication on where it is off, after asking, and wait for it",
    )
    .option(
      "--attach <identity>",
      "give the policy to user/NAME or role/NAME, after asking",
    )
    .option("--create", "with --attach: make the user where it is missing")
    .option(
      "--managed <name>",
      "with --attach, --detach: as a managed policy (default: an inline one)",
    )
    .option("--detach <identity>", "take it back, after asking")
    .option(
      "--check",
      "with --attach, --detach: change nothing, exit 1 when something would change",
    )
    .option(
      "--dry-run",
      "with --enable, --attach, --detach: tell, and change nothing",
    )
    .option("--yes", "with --enable, --attach, --detach: do not ask");
  addCommonOptions(
    addSignInOption(offer(command, "--format", POLICY_FORMATS)),
  );
  addExamples(command, [
    "rdsiam policy orders",
    "rdsiam policy orders billing --user app --user jane.doe@example.com --format terraform",
    "rdsiam policy -h orders.abc.eu-west-1.rds.amazonaws.com -U app --resource-id db-ABCDEFGHIJKL01234 --account 123456789012",
    "rdsiam policy orders --enable",
    "rdsiam policy orders --attach user/jane --create",
  ]).action(async (names: string[], options: PolicyOptions) => {
    const { runPolicy } = await import("../policy/run.ts");
    await runPolicy(names, options, invocation);
  });
}
