import type { Context } from "../frame/context.ts";
import type { DaemonManager, DaemonState } from "../../core/daemon/manager.ts";
import type { Invocation } from "../frame/command.ts";
import { ask, NoManager } from "./drive.ts";
import { hasDaemonFile } from "./daemon_file.ts";

/** The state of a service whose manager is not there to be asked. */
interface UnknownState {
  isEnabled: null;
  isRunning: null;
  detail: string;
}

/** Prints how a service does; exits 1 unless it runs. */
export async function status(
  { name, json = false }: { name: string; json?: boolean },
  manager: DaemonManager,
  invocation: Invocation<Pick<Context, "stdout">>,
): Promise<void> {
  const { stdout, environment } = invocation.context;
  const isInstalled = await hasDaemonFile(manager.path);
  const state = isInstalled
    ? await readState(manager, environment)
    : { isEnabled: false, isRunning: false, detail: "not installed" };
  invocation.exitCode = state.isRunning ? 0 : 1;
  if (json) {
    const document = {
      name,
      manager: manager.name,
      file: manager.path,
      isInstalled,
      ...state,
    };
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  if (!isInstalled) {
    stdout.write(`${name} is not installed: there is no ${manager.path}\n`);
    return;
  }
  const { isRunning, isEnabled, detail } = state;
  const running = isRunning ? "is running" : "is not running";
  const enabled = isEnabled ? "starts at login" : "does not start at login";
  stdout.write(
    isRunning === null
      ? `${name} is installed; whether it runs is not known: ${detail}\n`
      : `${name} ${running}: ${detail}, ${enabled}\n`,
  );
  stdout.write(`${manager.name}: ${manager.path}\n`);
}

async function readState(
  manager: DaemonManager,
  environment: Readonly<Record<string, string>>,
): Promise<DaemonState | UnknownState> {
  try {
    return manager.readStatus(await ask(manager.status, environment));
  } catch (error) {
    if (!(error instanceof NoManager)) throw error;
    return { isEnabled: null, isRunning: null, detail: error.message };
  }
}
