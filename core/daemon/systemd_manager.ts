import type { DaemonCommand, DaemonManager } from "./manager.ts";
import { formatSystemdUnit } from "./systemd_unit.ts";

/**
 * The systemd of a user (systemctl(1)).
 *
 * @param name the service's name
 * @param path where its unit is
 */
export function systemdManager(name: string, path: string): DaemonManager {
  const unit = `${name}.service`;
  const systemctl = (...args: string[]): DaemonCommand => [
    "systemctl",
    "--user",
    ...args,
  ];
  return {
    name: "systemd",
    path,
    hasEnvironment: true,
    format: formatSystemdUnit,
    folders: [],
    end: [],
    start: [
      systemctl("daemon-reload"),
      systemctl("enable", unit),
      systemctl("restart", unit), // one that runs takes the new file, too
    ],
    remove: [systemctl("disable", "--now", unit)],
    afterRemoval: [systemctl("daemon-reload")],
    status: systemctl(
      "show",
      "--property=UnitFileState,ActiveState,SubState",
      unit,
    ),
    readStatus({ stdout }) {
      const values = new Map(
        stdout.split("\n").map((line): [string, string] => {
          const [key = "", value = ""] = line.split("=");
          return [key, value.trim()];
        }),
      );
      const active = values.get("ActiveState") ?? "unknown";
      return {
        isEnabled: values.get("UnitFileState") === "enabled",
        isRunning: active === "active",
        detail: `${active} (${values.get("SubState") ?? "unknown"})`,
      };
    },
    advice:
      "It runs while you are logged in; for longer: loginctl enable-linger",
  };
}
