import { type Command, CommanderError } from "commander";
import { RdsiamError } from "../core/errors.ts";
import { nearest } from "../core/text/nearest.ts";
import { COMMANDS, declareProgram } from "./app.ts";
import { buildInfo, VERSION } from "./frame/build_info.ts";
import { DASHES_HINT, type Invocation } from "./frame/command.ts";
import type { Context } from "./frame/context.ts";
import { reportError } from "./frame/errors.ts";
import { Reporter } from "./frame/output.ts";
import { usageError } from "./frame/usage_error.ts";

const HELP_HINT = "Run rdsiam --help, or rdsiam COMMAND --help";

/** Runs a command line and returns its exit code; errors are printed, never thrown. */
export async function run(
  given: readonly string[],
  context: Context,
): Promise<number> {
  const args = await inOrder(given);
  const invocation = createInvocation(context);
  try {
    refuseLostBytes(args);
    if (args[0] === "__complete") return await answerShell(invocation);
    return await runOutside(args, context) ??
      await dispatch(args, invocation);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 1;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code === "commander.help") return 2; // a group without its command: help is printed
      return reportError(
        usageError(error, hintFor(args)),
        invocation.reporter,
        false,
      );
    }
    const isDebugging = context.environment.RDSIAM_DEBUG === "1";
    return reportError(error, invocation.reporter, isDebugging);
  }
}

/** A call of the program, before its arguments are read. */
export function createInvocation(context: Context): Invocation {
  return {
    context,
    reporter: new Reporter(context.stderr, context.environment),
    trailing: undefined,
    exitCode: 0,
    checkCommandLine: (args) => checkCommandLine(args, context),
  };
}

/**
 * Checks that a command line is one that could be run, without running it. A program of `PATH` that would be run as its
 * command is not asked.
 *
 * @throws {RdsiamError} `usage`, as running it would
 */
export async function checkCommandLine(
  args: readonly string[],
  context: Context,
): Promise<void> {
  const [name = ""] = args;
  if (!COMMANDS.some((command) => command.name === name)) {
    const { findOutsideCommand } = await import("./frame/outside_command.ts");
    if (await findOutsideCommand(name, context) !== undefined) return;
  }
  requireCommand(name);
  const invocation = createInvocation(context);
  try {
    const { program, ownArgs } = await makeProgram(args, invocation);
    program.configureOutput({ writeOut() {}, writeErr() {} });
    disarm(program);
    await program.parseAsync(ownArgs, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help, asked for or for want of a command, is nothing to run.
    throw error.exitCode === 0 || error.code === "commander.help"
      ? new RdsiamError("usage", `Command "${name}" is incomplete`, {
        hint: HELP_HINT,
      })
      : usageError(error, hintFor(args));
  }
}

function disarm(command: Command) {
  command.exitOverride();
  if (command.commands.length === 0) command.action(() => {});
  for (const each of command.commands) disarm(each);
}

async function dispatch(
  args: readonly string[],
  invocation: Invocation,
): Promise<number> {
  const { program, ownArgs } = await makeProgram(args, invocation);
  if (args.length === 1 && args[0] === "-h") {
    // Behind a command it is --host, as psql has it.
    program.outputHelp();
    return 0;
  }
  if (args.length === 1 && args[0] === "version") {
    invocation.context.stdout.write(`${versionText(args)}\n`);
    return 0;
  }
  if (args.length === 0) {
    program.outputHelp({ error: true });
    return 2;
  }
  if (calledCommand(args) === "help") {
    requireCommand(args[args.indexOf("help") + 1]);
  }
  await program.parseAsync(ownArgs, { from: "user" });
  return invocation.exitCode;
}

/** The program with the command that is called, and the arguments before the two dashes of those that have them. */
async function makeProgram(
  args: readonly string[],
  invocation: Invocation,
): Promise<{ program: Command; ownArgs: readonly string[] }> {
  const called = calledCommand(args);
  const entry = COMMANDS.find(({ name }) => name === called);
  const end = entry?.hasTrailing ? args.indexOf("--") : -1;
  if (end >= 0) invocation.trailing = args.slice(end + 1);
  const program = await declareProgram(
    invocation,
    (name) => name === called || (called === "help" && args.includes(name)),
    versionText(args),
  );
  return { program, ownArgs: end >= 0 ? args.slice(0, end) : args };
}

/** Answers a completion script; what goes wrong leaves a shell without an answer, and nothing on the screen. */
async function answerShell(invocation: Invocation): Promise<number> {
  const { answerShell } = await import("./completion/answer.ts");
  await answerShell(
    Deno.stdin.readable,
    (words) =>
      declareProgram(invocation, (name) => name === calledCommand(words)),
    invocation.context,
  );
  return 0;
}

/** The words of a command line with the command first; `token` and the like load nothing for that. */
async function inOrder(args: readonly string[]): Promise<readonly string[]> {
  const [first = ""] = args;
  if (first !== "help" && !first.startsWith("-")) return args;
  const { commandFirst } = await import("./frame/word_order.ts");
  return commandFirst(args, COMMANDS.map(({ name }) => name));
}

/** Refuses arguments of which Deno has replaced bytes that are no UTF-8: nobody can tell which. */
function refuseLostBytes(args: readonly string[]) {
  const at = args.findIndex((arg) => arg.includes("\ufffd"));
  if (at < 0) return;
  throw new RdsiamError(
    "usage",
    `Argument ${at + 1} holds bytes that are not UTF-8`,
    {
      hint: "Write it in UTF-8: see the settings LANG and LC_ALL of the shell",
    },
  );
}

/** Words in the place of a command that are no commands with options of their own. */
const OWN_WORDS: ReadonlySet<string> = new Set(["help", "version"]);

/** Runs a program of `PATH` as a command, where the name is none of ours. */
async function runOutside(
  args: readonly string[],
  context: Context,
): Promise<number | undefined> {
  const [name = "-"] = args;
  if (name.startsWith("-") || OWN_WORDS.has(name)) return undefined;
  if (COMMANDS.some((command) => command.name === name)) return undefined;
  const { runOutsideCommand } = await import("./frame/outside_command.ts");
  return await runOutsideCommand(args, context);
}

/** What `--version` prints. */
function versionText(args: readonly string[]): string {
  return args.includes("--json")
    ? JSON.stringify(buildInfo())
    : `rdsiam ${VERSION}`;
}

function calledCommand(args: readonly string[]): string | undefined {
  return args.find((arg) => !arg.startsWith("-"));
}

/** Refuses `help` on a command that does not exist: commander would print the help of the program. */
function requireCommand(name: string | undefined) {
  if (name === undefined || name === "help" || name.startsWith("-")) return;
  const names = COMMANDS.map(({ name }) => name);
  if (names.includes(name)) return;
  const near = nearest(name, names);
  throw new RdsiamError(
    "usage",
    /^[\w-]+$/.test(name) ? `Unknown command "${name}"` : "Unknown command",
    { hint: near === undefined ? HELP_HINT : `Did you mean ${near}?` },
  );
}

/** What to do about a command line that commander does not take. */
function hintFor(args: readonly string[]): string {
  const lacksDashes = calledCommand(args) === "exec" && !args.includes("--");
  return lacksDashes ? DASHES_HINT : HELP_HINT;
}
