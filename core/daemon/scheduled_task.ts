import {
  DAEMON_MARK,
  type DaemonDefinition,
  describeDaemon,
} from "./definition.ts";
import { quoteWindowsArgument } from "./windows_argument.ts";
import { escapeXml } from "./xml.ts";

/**
 * The task of a service, for `schtasks /Create /XML` (Task Scheduler schema 1.2): it starts when its user logs on. A
 * task has no environment of its own: that of the definition is left out.
 *
 * @param user `DOMAIN\NAME`; a task for everybody's logon would take an administrator
 * @throws {RdsiamError} `usage`, when something cannot be written in XML
 */
export function formatScheduledTask(
  definition: DaemonDefinition,
  user: string,
): string {
  const [program, ...words] = definition.command;
  const line = words.map(quoteWindowsArgument).join(" ");
  const description = `${describeDaemon(definition)} (${DAEMON_MARK})`;
  const userId = escapeXml(user, "the user's name");
  return `<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${escapeXml(description, "the name")}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${userId}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${userId}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(program, "the program's path")}</Command>
      <Arguments>${escapeXml(line, "an argument")}</Arguments>
      <WorkingDirectory>${
    escapeXml(definition.folder, "the path of the folder")
  }</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}
