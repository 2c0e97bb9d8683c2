import type { DaemonManager } from "./manager.ts";
import { formatLaunchdAgent } from "./launchd_agent.ts";

/**
 * macOS's launchd (launchctl(1)), in the session of a user.
 *
 * @param name the service's name
 * @param home the user's home folder
 * @param uid the user's number
 */
export function launchdManager(
  name: string,
  home: string,
  uid: number,
): DaemonManager {
  const logs = `${home}/Library/Logs`;
  const log = `${logs}/${name}.log`;
  const path = `${home}/Library/LaunchAgents/${name}.plist`;
  const domain = `gui/${uid}`;
  const service = `${domain}/${name}`;
  return {
    name: "launchd",
    path,
    hasEnvironment: true,
    format: (definition) => formatLaunchdAgent(definition, log),
    folders: [logs],
    end: [["launchctl", "bootout", service]],
    start: [["launchctl", "bootstrap", domain, path]],
    remove: [],
    afterRemoval: [],
    status: ["launchctl", "print", service],
    readStatus({ code, stdout }) {
      const state = /^\s*state = (.+)$/m.exec(stdout)?.[1] ?? "not loaded";
      return {
        isEnabled: code === 0,
        isRunning: code === 0 && state === "running",
        detail: state,
      };
    },
    advice: `It writes its messages to ${log}`,
  };
}
