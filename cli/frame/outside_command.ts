import { findProgram } from "../../adapters/process/find_program.ts";
import { requireTrustedFile } from "../../adapters/files/trusted_file.ts";
import { isPluginName } from "../../core/writer/plugin.ts";
import { childExitCode } from "./exit_codes.ts";
import type { Context } from "./context.ts";
import { commandText, ownCommand } from "./own_command.ts";

/** What the name of a program that is a command begins with. */
export const PREFIX = "rdsiam-";

/** Whether a program of this name, behind {@linkcode PREFIX}, is a command: `rdsiam-writer-NAME` is none. */
export function isOutsideCommand(name: string): boolean {
  return isPluginName(name) && !name.startsWith("writer-");
}

/**
 * Runs `rdsiam-NAME` of `PATH` as the command NAME: it gets the other arguments as they are, the terminal, the signals,
 * and in `RDSIAM` the command line that calls this rdsiam.
 *
 * @returns its exit code, or `undefined` when there is no such program
 * @throws {RdsiamError} `usage`, when others than this user could have written it
 * @throws {ProgramError} when it cannot be started
 */
export async function runOutsideCommand(
  [name = "", ...args]: readonly string[],
  context: Pick<
    Context,
    "environment" | "inheritedEnvironment" | "processes"
  >,
): Promise<number | undefined> {
  const program = await findOutsideCommand(name, context);
  if (program === undefined) return undefined;
  await requireTrustedFile(program);
  const child = (await context.processes()).spawn([program, ...args], {
    ...context.inheritedEnvironment,
    RDSIAM: commandText(ownCommand()),
  });
  return childExitCode(await child.exited);
}

/** The program `rdsiam-NAME` of `PATH`, if there is one. */
export async function findOutsideCommand(
  name: string,
  { environment }: Pick<Context, "environment">,
): Promise<string | undefined> {
  if (!isOutsideCommand(name)) return undefined;
  return await findProgram(`${PREFIX}${name}`, environment);
}
