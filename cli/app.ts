import { Command, CommanderError } from "commander";
import { RdsiamError } from "../core/errors.ts";
import { nearest } from "../core/text/nearest.ts";
import {
  type CommandModule,
  DASHES_HINT,
  type Invocation,
} from "./frame/command.ts";
import { buildInfo, VERSION } from "./frame/build_info.ts";
import type { Context } from "./frame/context.ts";
import { commandFirst } from "./frame/word_order.ts";
import { reportError } from "./frame/errors.ts";
import { Reporter } from "./frame/output.ts";

interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<CommandModule>;
}

/** Every command. Its file is loaded only when it is called. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: "token",
    summary: "print a token to log in with",
    load: () => import("./commands/token.ts"),
  },
  {
    name: "connect",
    summary: "open the database's own client, logged in",
    load: () => import("./commands/connect.ts"),
  },
  {
    name: "exec",
    summary: "run a program with the login injected and kept fresh",
    load: () => import("./commands/exec.ts"),
  },
  {
    name: "pgpass",
    summary: "keep the passfile fresh, list and remove what is managed there",
    load: () => import("./commands/pgpass.ts"),
  },
  {
    name: "sync",
    summary: "keep clients' own files fresh",
    load: () => import("./commands/sync.ts"),
  },
  {
    name: "writers",
    summary: "list what can write which client's file, plugins included",
    load: () => import("./commands/writers.ts"),
  },
  {
    name: "service",
    summary: "keep a sync running in the background, from login on",
    load: () => import("./commands/service.ts"),
  },
  {
    name: "setup-db",
    summary: "give users an IAM login to a database, and what they may do",
    load: () => import("./commands/setup_db.ts"),
  },
  {
    name: "grant",
    summary: "give users privileges in a database",
    load: () => import("./commands/grant.ts"),
  },
  {
    name: "revoke",
    summary: "take privileges, IAM logins or whole users away",
    load: () => import("./commands/revoke.ts"),
  },
  {
    name: "policy",
    summary: "print the IAM policy that lets an AWS identity connect",
    load: () => import("./commands/policy.ts"),
  },
  {
    name: "targets",
    summary: "list, discover, add and remove the databases that have a name",
    load: () => import("./commands/targets.ts"),
  },
  {
    name: "doctor",
    summary: "say why a login fails, and what to do",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "proxy",
    summary: "run a local endpoint that any client logs in to",
    load: () => import("./commands/proxy.ts"),
  },
  {
    name: "emulator",
    summary: "run a local PostgreSQL that accepts logins the way RDS does",
    load: () => import("./commands/emulator.ts"),
  },
  {
    name: "completions",
    summary: "print a completion script for a shell",
    load: () => import("./commands/completions.ts"),
  },
  {
    name: "upgrade",
    summary: "replace this program by another version of it",
    load: () => import("./commands/upgrade.ts"),
  },
  {
    name: "rds",
    summary: "print a token, in the AWS CLI's own words",
    load: () => import("./commands/rds.ts"),
  },
];

const HELP_HINT = "Run rdsiam --help, or rdsiam COMMAND --help";

/** The commands that something of another program may follow, after two dashes. */
const WITH_DASHES = new Set(["connect", "exec", "service"]);

/** Runs a command line and returns its exit code; errors are printed, never thrown. */
export async function run(
  given: readonly string[],
  context: Context,
): Promise<number> {
  const args = commandFirst(given);
  const invocation = createInvocation(context);
  try {
    if (args[0] === "__complete") return await answerShell(invocation);
    return await runOutside(args, context) ??
      await dispatch(args, invocation);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 1;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code === "commander.help") return 2; // a group without its command: help is printed
      return reportError(usageError(error, args), invocation.reporter, false);
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
      ? new RdsiamError("usage", `Command "${name}" lacks what it is to do`, {
        hint: HELP_HINT,
      })
      : usageError(error, args);
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
  const end = WITH_DASHES.has(called ?? "") ? args.indexOf("--") : -1;
  if (end >= 0) invocation.trailing = args.slice(end + 1);
  const program = await declareProgram(
    invocation,
    (name) => name === called || (called === "help" && args.includes(name)),
    versionText(args),
  );
  return { program, ownArgs: end >= 0 ? args.slice(0, end) : args };
}

/** The program and all its commands, of which those that are wanted have their options and arguments. */
export async function declareProgram(
  invocation: Invocation,
  isWanted: (name: string) => boolean,
  version = versionText([]),
): Promise<Command> {
  const { context } = invocation;
  const program = new Command("rdsiam")
    .description(
      "AWS RDS and Aurora IAM database authentication, made pleasant",
    )
    .helpOption("--help", "print this help")
    .version(version, "--version", "print the version (--json: more)")
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: () => {}, // errors are printed in one place, by reportError()
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  if (isWanted("upgrade")) program.enablePositionalOptions(); // it has a --version of its own
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).description(summary);
    if (isWanted(name)) (await load()).declare(command, invocation);
  }
  return program;
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

/** Runs a program of `PATH` as a command, where the name is none of ours. */
async function runOutside(
  args: readonly string[],
  context: Context,
): Promise<number | undefined> {
  const [name = "-"] = args;
  if (name.startsWith("-") || name === "help") return undefined;
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

/**
 * Turns commander's words into the project's: a sentence, and the suggestion as the hint. Arguments and values that
 * commander repeats are left out, since a URL or an option that rdsiam does not know may hold a password.
 */
function usageError(
  error: CommanderError,
  args: readonly string[],
): RdsiamError {
  // deno-lint-ignore rdsiam/no-prose -- commander's own
  const [first = "", suggestion] = error.message.split("\n");
  const message = first.replace(/^error: /, "")
    .replace(/^(too many arguments for '[^']*').*$/i, "$1")
    .replace(/^(option '.*') argument missing$/, "$1 needs a value")
    .replace(/^(unknown option '[^'=]*)=.*$/, "$1'")
    .replace(/^unknown command '(?![\w-]+'$).*$/, "unknown command")
    .replaceAll("'", '"');
  const near = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? "")?.[1];
  const lacksDashes = calledCommand(args) === "exec" && !args.includes("--");
  return new RdsiamError(
    "usage",
    message.charAt(0).toUpperCase() + message.slice(1),
    {
      hint: near === undefined
        ? lacksDashes ? DASHES_HINT : HELP_HINT
        : `Did you mean ${near.replace(/^one of /, "")}?`,
    },
  );
}
