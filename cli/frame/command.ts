import type { Argument, Command, Option } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import type { Context } from "./context.ts";
import { Reporter, type Verbosity } from "./output.ts";

/** One call of the program; `Used` is what its command needs from outside. */
export interface Invocation<Used = Context> {
  context: Used & Pick<Context, "stderr" | "environment">;
  /** Tells people what happens; replaced once the options say how much. */
  reporter: Reporter;
  /** What stands after `--`, for `exec` and `service install`. */
  trailing: readonly string[] | undefined;
  /** What the program will exit with. */
  exitCode: number;
  /**
   * Checks that a command line is one that could be run, without running it.
   *
   * @throws {RdsiamError} `usage`, as running it would
   */
  checkCommandLine(args: readonly string[]): Promise<void>;
}

/** What to do when the two dashes of `exec` are missing. */
export const DASHES_HINT =
  "Write the command to run after two dashes: rdsiam exec [target] -- psql";

/** A command's file: it declares options, arguments and an action on its own commander command. */
export interface CommandModule {
  declare(command: Command, invocation: Invocation): void;
}

/** The options that every command has. */
export interface CommonOptions extends Verbosity {
  /** Results as one JSON document. */
  json?: boolean;
}

/** Adds the options that every command has. */
export function addCommonOptions(command: Command): Command {
  return addVerbosityOptions(
    command.option("--json", "print the result as JSON"),
  );
}

/** Adds those of them that say how much to tell, where there is no result of ours. */
export function addVerbosityOptions(command: Command): Command {
  return command
    .option("--quiet", "print nothing but errors")
    .option("--verbose", "print what was resolved from where")
    .option("--no-color", "print without colour (env: NO_COLOR)");
}

/** Gathers what an option that may be repeated is given. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

const EXAMPLES = new WeakMap<Command, readonly string[]>();

/** The examples of a command's help. */
export function examplesOf(command: Command): readonly string[] {
  return EXAMPLES.get(command) ?? [];
}

/** Adds examples to a command's help. */
export function addExamples(
  command: Command,
  examples: readonly string[],
): Command {
  EXAMPLES.set(command, examples);
  const lines = examples.map((example) => `  ${example}`).join("\n");
  return command.addHelpText("after", `\nExamples:\n${lines}`);
}

/**
 * Makes the reporter that the options ask for, for this call and its errors.
 *
 * @throws {RdsiamError} `usage`, when they ask for more and for less at once
 */
export function applyVerbosity(
  invocation: Invocation<unknown>,
  options: Verbosity,
): Reporter {
  const { stderr, environment } = invocation.context;
  if (options.quiet && options.verbose) {
    throw new RdsiamError("usage", "--quiet and --verbose exclude each other");
  }
  invocation.reporter = new Reporter(stderr, environment, options);
  return invocation.reporter;
}

/** What a shell may complete a value with: these words, or all there are of a kind. */
export type Offer =
  | readonly string[]
  | "files"
  | "folders"
  | "profiles"
  | "regions"
  | "targets"
  | "writers";

const OFFERS = new WeakMap<Option | Argument, Offer>();

/**
 * Says what an option or argument of a command may be completed with. What is called a file, a folder, a region or a target
 * is known by its name already.
 *
 * @param name of the option, dashes included, or of the argument
 * @throws {TypeError} when the command has none of that name
 */
export function offer(command: Command, name: string, values: Offer): Command {
  const declared = command.options.find(({ long }) => long === name) ??
    command.registeredArguments.find((argument) => argument.name() === name);
  if (declared === undefined) throw new TypeError(`There is no ${name}`);
  OFFERS.set(declared, values);
  return command;
}

/** What the value of an option may be completed with; `undefined` where only its user knows. */
export function offerOfOption(option: Option): Offer | undefined {
  const placeholder = /[<[](.*)[>\]]$/.exec(option.flags)?.[1];
  return OFFERS.get(option) ?? offerByName(placeholder);
}

/** The same for an argument. */
export function offerOfArgument(argument: Argument): Offer | undefined {
  return OFFERS.get(argument) ?? offerByName(argument.name());
}

function offerByName(name: string | undefined): Offer | undefined {
  switch (name) {
    case "file":
    case "path":
    case "sslrootcert":
      return "files";
    case "dir":
      return "folders";
    case "region":
      return "regions";
    case "target":
      return "targets";
    default:
      return undefined;
  }
}
