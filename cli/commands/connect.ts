import type { Command } from "commander";
import type { LoginContext } from "../exec/run_with_login.ts";
import {
  addExamples,
  addVerbosityOptions,
  applyVerbosity,
  type Invocation,
} from "../frame/command.ts";
import type { Verbosity } from "../frame/output.ts";
import { addSignInOption, type SignInOptions } from "../frame/sign_in.ts";
import { addTargetOptions } from "../target/target_options.ts";
import type { TargetOptions } from "../target/target_options.ts";

interface ConnectOptions extends TargetOptions, SignInOptions, Verbosity {
  client?: string;
}

/** Declares `connect`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetOptions(command)
    .usage("[target] [options] [-- ARGS]")
    .option(
      "--client <program>",
      "program to run instead (default: psql, mysql or mariadb, by engine)",
    );
  addSignInOption(command);
  addVerbosityOptions(command);
  addExamples(command, [
    "rdsiam connect orders",
    "rdsiam connect orders -- -c 'select now()'",
    "rdsiam connect orders --tunnel ssh:bastion",
  ]).action((target: string | undefined, options: ConnectOptions) =>
    run(target, options, invocation)
  );
}

async function run(
  name: string | undefined,
  options: ConnectOptions,
  invocation: Invocation<LoginContext>,
): Promise<void> {
  const { context, trailing = [] } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const { client } = options;
  const [{ findClient }, { runWithLogin }] = await Promise.all([
    import("../exec/find_client.ts"),
    import("../exec/run_with_login.ts"),
  ]);
  const { exitCode } = await runWithLogin(
    async ({ engine }) => [
      client ?? await findClient(engine, context.environment),
      ...trailing,
    ],
    { name, options, via: undefined },
    context,
    reporter,
  );
  invocation.exitCode = exitCode;
}
