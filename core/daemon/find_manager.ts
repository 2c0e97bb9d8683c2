import { systemFolder } from "../config/user_folder.ts";
import { RdsiamError } from "../errors.ts";
import { launchdManager } from "./launchd_manager.ts";
import type { DaemonManager } from "./manager.ts";
import { systemdManager } from "./systemd_manager.ts";
import { taskScheduler } from "./task_scheduler.ts";

/** What deciding on a service manager takes. */
export interface ManagerPlace {
  /** `linux`, `darwin`, `windows`. */
  os: string;
  environment: Readonly<Record<string, string>>;
  /** The number of the user; missing on Windows. */
  uid: number | null;
}

/**
 * The service manager of a system.
 *
 * @param name the service's name
 * @throws {RdsiamError} `usage`, when there is none, or no home folder
 */
export function findManager(
  name: string,
  { os, environment, uid }: ManagerPlace,
): DaemonManager {
  const { HOME, APPDATA, USERDOMAIN, USERNAME } = environment;
  switch (os) {
    case "linux": {
      const config = systemFolder("config", environment, os) ??
        needVariable("HOME", HOME);
      return systemdManager(name, `${config}/systemd/user/${name}.service`);
    }
    case "darwin":
      return launchdManager(name, needVariable("HOME", HOME), uid ?? 0);
    case "windows": {
      const user = needVariable("USERNAME", USERNAME);
      return taskScheduler(
        name,
        needVariable("APPDATA", APPDATA),
        USERDOMAIN ? `${USERDOMAIN}\\${user}` : user,
      );
    }
    default:
      throw new RdsiamError("usage", `Services are not known on ${os}`, {
        hint: "Start rdsiam sync --watch with what starts programs there",
      });
  }
}

function needVariable(name: string, value: string | undefined): string {
  if (value) return value;
  throw new RdsiamError("usage", `Variable ${name} is not set`, {
    hint: `Set ${name}, as a login does`,
  });
}
