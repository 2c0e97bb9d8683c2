import { DAEMON_MARK, type DaemonDefinition } from "./definition.ts";
import { escapeXml } from "./xml.ts";

/** 077 as launchd wants it: a decimal number. */
const UMASK = 0o077;

/**
 * The agent of a service (launchd.plist(5)).
 *
 * @param logFile where its messages go, absolute
 * @throws {RdsiamError} `usage`, when something cannot be written in XML
 */
export function formatLaunchdAgent(
  { name, command, folder, environment }: DaemonDefinition,
  logFile: string,
): string {
  const words = command.map((word, index) =>
    `    ${
      text(word, index === 0 ? "the program's path" : `argument ${index}`)
    }\n`
  );
  const variables = Object.entries(environment).map(([name, value]) =>
    `    ${key(name)}\n    ${text(value, `variable "${name}"`)}\n`
  );
  const log = text(logFile, "the path of the log");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${DAEMON_MARK} -->
<plist version="1.0">
<dict>
  ${key("Label")}
  ${text(name, "the name")}
  ${key("ProgramArguments")}
  <array>
${words.join("")}  </array>
  ${key("WorkingDirectory")}
  ${text(folder, "the path of the folder")}
  ${key("EnvironmentVariables")}
  <dict>
${variables.join("")}  </dict>
  ${key("RunAtLoad")}
  <true/>
  ${key("KeepAlive")}
  <dict>
    ${key("SuccessfulExit")}
    <false/>
  </dict>
  ${key("ThrottleInterval")}
  <integer>30</integer>
  ${key("ProcessType")}
  <string>Background</string>
  ${key("Umask")}
  <integer>${UMASK}</integer>
  ${key("HardResourceLimits")}
  <dict>
    ${key("Core")}
    <integer>0</integer>
  </dict>
  ${key("StandardOutPath")}
  ${log}
  ${key("StandardErrorPath")}
  ${log}
</dict>
</plist>
`;
}

function key(name: string): string {
  return `<key>${escapeXml(name, "the name of a variable")}</key>`;
}

function text(value: string, what: string): string {
  return `<string>${escapeXml(value, what)}</string>`;
}
