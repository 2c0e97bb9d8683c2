import assert from "node:assert/strict";
import { formatLaunchdAgent } from "../../../core/daemon/launchd_agent.ts";
import { assertRefuses } from "../../rdsiam_error.ts";
import { definition } from "./example.ts";

Deno.test("formatLaunchdAgent() writes an agent that starts at login and after a failure", () => {
  const text = formatLaunchdAgent(
    definition({
      command: ["/opt/rdsiam", "exec", "a & <b>"],
      environment: { AWS_PROFILE: "größe" },
    }),
    "/Users/app/Library/Logs/rdsiam.log",
  );
  assert.equal(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by rdsiam service install -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>rdsiam</string>
  <key>ProgramArguments</key>
  <array>
    <string>/opt/rdsiam</string>
    <string>exec</string>
    <string>a &#38; &#60;b&#62;</string>
  </array>
  <key>WorkingDirectory</key>
  <string>/home/app</string>
  <key>EnvironmentVariables</key>
  <dict>
    <key>AWS_PROFILE</key>
    <string>gr&#246;&#223;e</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>63</integer>
  <key>HardResourceLimits</key>
  <dict>
    <key>Core</key>
    <integer>0</integer>
  </dict>
  <key>StandardOutPath</key>
  <string>/Users/app/Library/Logs/rdsiam.log</string>
  <key>StandardErrorPath</key>
  <string>/Users/app/Library/Logs/rdsiam.log</string>
</dict>
</plist>
`,
  );
});

Deno.test("formatLaunchdAgent() refuses what XML cannot hold", () => {
  assertRefuses(
    () => formatLaunchdAgent(definition({ environment: { X: "\x1b" } }), "/l"),
    {
      message:
        'The service cannot be written: variable "X" holds a character that XML cannot hold',
      hint: "Leave out control characters",
    },
  );
});
