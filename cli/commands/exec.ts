import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import { exec, type Via } from "../../services/exec/exec.ts";
import { pinConnect } from "../../services/target/resolve_target.ts";
import { loadCaBundle } from "../roots/ca_bundle.ts";
import { childExitCode } from "../frame/child_exit_code.ts";
import {
  addExamples,
  addVerbosityOptions,
  applyVerbosity,
  DASHES_HINT,
  type Invocation,
} from "../frame/command.ts";
import { offer } from "../frame/offers.ts";
import {
  addSignInOption,
  signInHelp,
  type SignInOptions,
} from "../frame/sign_in.ts";
import type { Verbosity } from "../frame/output.ts";
import { addTargetOptions } from "../target/declare_options.ts";
import { readTarget } from "../target/read_target.ts";
import type { TargetOptions } from "../target/target_options.ts";

interface ExecOptions extends TargetOptions, SignInOptions, Verbosity {
  via: string;
}

const WAYS: readonly Via[] = ["passfile", "password", "proxy"];

/** Declares `exec`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetOptions(command)
    .usage("[target] [options] -- CMD [ARGS]")
    // Without the dashes they are likely the program's own: run() speaks of the dashes.
    .allowExcessArguments(invocation.trailing === undefined)
    .option(
      "--via <way>",
      "passfile (kept fresh; an option file for MySQL), password (one token in the environment) or proxy (a local endpoint that outlives every token)",
      "passfile",
    );
  addSignInOption(command);
  addVerbosityOptions(offer(command, "--via", WAYS));
  addExamples(command, [
    "rdsiam exec -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders -- psql",
    "rdsiam exec postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders -- pg_dump -Fc -f orders.dump",
    "rdsiam exec orders --via proxy -- ./server",
  ]).action((target: string | undefined, options: ExecOptions) =>
    run(target, options, invocation)
  );
}

async function run(
  name: string | undefined,
  options: ExecOptions,
  invocation: Invocation,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const [program, ...args] = invocation.trailing ?? [];
  if (program === undefined || program === "") {
    throw new RdsiamError("usage", "The command to run is missing", {
      hint: DASHES_HINT,
    });
  }
  const via = readVia(options.via);
  const target = await pinConnect(
    await readTarget(name, options, context, reporter),
    context.resolver,
  );
  const status = await exec(
    {
      command: [program, ...args],
      target,
      via,
      environment: context.environment,
    },
    {
      tokens: await context.tokens(signInHelp(options, context, reporter)),
      processes: await context.processes(),
      createFolder: () => context.createFolder(),
      caBundle: () => loadCaBundle([target], context),
      startProxy: async (target) =>
        (await import("../proxy/endpoint.ts"))
          .startEndpoint(target, context, reporter),
      warn: (message) => reporter.warn(message),
    },
  );
  invocation.exitCode = childExitCode(status);
}

function readVia(text: string): Via {
  const via = WAYS.find((way) => way === text);
  if (via !== undefined) return via;
  throw new RdsiamError("usage", `Way "${text}" of --via is not known`, {
    hint: `Known: ${WAYS.join(", ")}`,
  });
}
