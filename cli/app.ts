import { Command } from "commander";
import { VERSION } from "./frame/build_info.ts";
import type { CommandModule, Invocation } from "./frame/command.ts";

interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<CommandModule>;
  /** Whether something of another program may follow, after two dashes. */
  hasTrailing?: true;
}

/** Every command. Its file is loaded only when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "token",
    summary: "print a token to log in with",
    load: () => import("./commands/token.ts"),
  },
  {
    name: "connect",
    summary: "open the database's own client, logged in",
    load: () => import("./commands/connect.ts"),
    hasTrailing: true,
  },
  {
    name: "exec",
    summary: "run a program with the login injected and kept fresh",
    load: () => import("./commands/exec.ts"),
    hasTrailing: true,
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
    hasTrailing: true,
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
    summary: "list, discover, add and remove named databases",
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
    summary: "print a token, with the AWS CLI's own options",
    load: () => import("./commands/rds.ts"),
  },
];

/** What a first reader of the help does next. */
const NEXT = `
Next:
  rdsiam targets discover --save   find your databases and give them names
  rdsiam doctor NAME               see whether a login works, and what is missing
  rdsiam connect NAME              open psql or mysql, logged in`;

/** The program and all its commands, of which those that are needed have their options and arguments. */
export async function declareProgram(
  invocation: Invocation,
  isNeeded: (name: string) => boolean,
  version = `rdsiam ${VERSION}`,
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
  program.addHelpText("after", NEXT);
  if (isNeeded("upgrade")) program.enablePositionalOptions(); // it has a --version of its own
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).description(summary);
    if (isNeeded(name)) (await load()).declare(command, invocation);
  }
  return program;
}
