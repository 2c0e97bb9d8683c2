import type { DaemonCommand, DaemonManager } from "./manager.ts";
import { formatScheduledTask } from "./scheduled_task.ts";

/**
 * Windows' Task Scheduler (`schtasks`).
 *
 * @param name the service's name
 * @param appData the folder that `APPDATA` names
 * @param user `DOMAIN\NAME`
 */
export function taskScheduler(
  name: string,
  appData: string,
  user: string,
): DaemonManager {
  const path = `${appData}\\rdsiam\\${name}.xml`;
  const task = `rdsiam\\${name}`;
  const schtasks = (action: string, ...args: string[]): DaemonCommand => [
    "schtasks",
    action,
    "/TN",
    task,
    ...args,
  ];
  return {
    name: "Task Scheduler",
    path,
    hasEnvironment: false,
    format: (definition) => formatScheduledTask(definition, user),
    folders: [],
    end: [schtasks("/End")],
    start: [schtasks("/Create", "/XML", path, "/F"), schtasks("/Run")],
    remove: [schtasks("/Delete", "/F")],
    afterRemoval: [],
    status: schtasks("/Query", "/FO", "CSV", "/NH"),
    // "\rdsiam\rdsiam","N/A","Running": the words are of the system's language.
    readStatus({ code, stdout }) {
      const detail = /"([^"]*)"\s*$/.exec(stdout)?.[1] ?? "not there";
      return {
        isEnabled: code === 0,
        isRunning: code === 0 && detail === "Running",
        detail,
      };
    },
  };
}
