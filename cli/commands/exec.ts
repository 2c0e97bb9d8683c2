import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import { readDuration } from "../../core/text/duration.ts";
import { readChoice } from "../../core/text/choice.ts";
import type { Via } from "../../services/exec/exec.ts";
import type { LoginContext } from "../exec/run_with_login.ts";
import {
  addExamples,
  addVerbosityOptions,
  applyVerbosity,
  DASHES_HINT,
  type Invocation,
  offer,
} from "../frame/command.ts";
import { addSignInOption, type SignInOptions } from "../frame/sign_in.ts";
import type { Verbosity } from "../frame/output.ts";
import { addTargetOptions } from "../target/target_options.ts";
import type { TargetOptions } from "../target/target_options.ts";

interface ExecOptions extends TargetOptions, SignInOptions, Verbosity {
  via?: string;
  wait?: boolean;
  for?: string;
}

const METHODS: readonly Via[] = ["passfile", "password", "proxy"];

/** Declares `exec`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetOptions(command)
    .usage("[target] [options] -- CMD [ARGS]")
    // Without the dashes they are likely the program's own: run() speaks of the dashes.
    .allowExcessArguments(invocation.trailing === undefined)
    .option(
      "--via <method>",
      "passfile (kept fresh; an option file for MySQL), password (one token in the environment) or proxy (a local endpoint that outlives every token); default: passfile, and proxy for what reads no option file of MySQL or cannot verify the server",
    )
    .option(
      "--wait",
      "keep the login while anything runs that the program has started, such as a GUI by its launcher (Linux)",
    )
    .option(
      "--for <time>",
      "keep the login for so long after the program has ended: 8h, 30m",
    );
  addSignInOption(command);
  addVerbosityOptions(offer(command, "--via", METHODS));
  addExamples(command, [
    "rdsiam exec -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders -- psql",
    "rdsiam exec postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders -- pg_dump -Fc -f orders.dump",
    "rdsiam exec orders --via proxy -- ./server",
    "rdsiam exec orders --wait -- dbeaver",
  ]).action((target: string | undefined, options: ExecOptions) =>
    run(target, options, invocation)
  );
}

async function run(
  name: string | undefined,
  options: ExecOptions,
  invocation: Invocation<LoginContext>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const [program, ...args] = invocation.trailing ?? [];
  if (program === undefined || program === "") {
    throw new RdsiamError("usage", "The command to run is missing", {
      hint: DASHES_HINT,
    });
  }
  const via = options.via === undefined
    ? undefined
    : readChoice(options.via, METHODS, "--via");
  const stay = {
    forMs: options.for === undefined ? 0 : readDuration(options.for, "--for"),
    whileInUse: options.wait ?? false,
  };
  const { runWithLogin } = await import("../exec/run_with_login.ts");
  const { exitCode } = await runWithLogin(
    [program, ...args],
    { name, options, via, stay },
    context,
    reporter,
  );
  invocation.exitCode = exitCode;
}
