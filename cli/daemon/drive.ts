import { runProgram } from "../../adapters/process/run_program.ts";
import { RdsiamError } from "../../core/errors.ts";
import { ProgramError } from "../../core/ports/program_error.ts";
import type {
  DaemonCommand,
  ManagerAnswer,
} from "../../core/daemon/manager.ts";

const LIMITS = { deadlineMs: 60_000, outputLimit: 1024 * 1024 };

/** What systemctl says without a session of the user: in a container, in a build, after `su`. */
const NO_SESSION = /connect to .*bus|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS/i;

/** A service manager that is not there to be asked. */
export class NoManager extends Error {
  override readonly name = "NoManager";
}

/**
 * Asks the service manager.
 *
 * @throws {NoManager} when it is not installed, or this user has no session
 */
export async function ask(
  command: DaemonCommand,
  environment: Readonly<Record<string, string>>,
): Promise<ManagerAnswer & { message: string }> {
  const [program] = command;
  try {
    const { code, stdout, stderr } = await runProgram(command, {
      environment: { ...environment, LC_ALL: "C" },
      ...LIMITS,
    });
    if (code !== 0 && NO_SESSION.test(stderr)) {
      throw new NoManager(`${program} finds no session of this user`);
    }
    const [message = ""] = stderr.trim().split("\n");
    return { code, stdout, message };
  } catch (error) {
    if (error instanceof ProgramError && error.exitCode === 127) {
      throw new NoManager(`${program} is not installed`);
    }
    throw error;
  }
}

/**
 * Gives the service manager orders, one after the other.
 *
 * @throws {NoManager} when it is not there
 * @throws {RdsiamError} `failed`, when it does not do as told
 */
export async function order(
  commands: readonly DaemonCommand[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  for (const command of commands) {
    const { code, message } = await ask(command, environment);
    if (code === 0) continue;
    const line = command.join(" ");
    throw new RdsiamError(
      "failed",
      `"${line}" ended with exit code ${code}${message && `: ${message}`}`,
      { hint: "Run it yourself to see more" },
    );
  }
}

/** Gives orders that have nothing to do where they fail. */
export async function orderLoosely(
  commands: readonly DaemonCommand[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  for (const command of commands) await ask(command, environment);
}
