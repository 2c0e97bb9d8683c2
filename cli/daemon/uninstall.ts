import type { Context } from "../frame/context.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { DaemonManager } from "../../core/daemon/manager.ts";
import type { Invocation } from "../frame/command.ts";
import { NoManager, order, orderLoosely } from "./drive.ts";
import { hasDaemonFile, removeDaemonFile } from "./daemon_file.ts";

/**
 * Stops a service and removes its file.
 *
 * @throws {RdsiamError} `usage`, when it is not installed; `failed`, when its manager does not do as told
 */
export async function uninstall(
  { name, json = false }: { name: string; json?: boolean },
  manager: DaemonManager,
  { context: { environment, stdout }, reporter }: Invocation<
    Pick<Context, "stdout">
  >,
): Promise<void> {
  if (!await hasDaemonFile(manager.path)) {
    throw new RdsiamError("usage", `Service "${name}" is not installed`, {
      hint: `There is no ${manager.path}; name another service with --name`,
    });
  }
  try {
    await orderLoosely(manager.end, environment);
    await order(manager.remove, environment);
  } catch (error) {
    if (!(error instanceof NoManager)) throw error;
    reporter.warn(
      `The service may still run until you log out, since ${error.message}`,
    );
  }
  await removeDaemonFile(manager.path);
  await orderLoosely(manager.afterRemoval, environment).catch((error) => {
    if (!(error instanceof NoManager)) throw error;
  });
  const document = { name, manager: manager.name, file: manager.path };
  stdout.write(
    json
      ? `${JSON.stringify(document, null, 2)}\n`
      : `removed ${manager.path}\n`,
  );
}
