import assert from "node:assert/strict";
import { formatScheduledTask } from "../../../core/daemon/scheduled_task.ts";
import { definition } from "./example.ts";

Deno.test("formatScheduledTask() writes a task for its user's logon, in ASCII", () => {
  const text = formatScheduledTask(
    definition({
      command: ["C:\\Program Files\\rdsiam.exe", "sync", "a b", 'c"d'],
      folder: "C:\\Users\\Jürgen",
    }),
    "PC\\Jürgen",
  );
  assert.doesNotMatch(text, /[^\n -~]/);
  for (
    const line of [
      "<Description>rdsiam: keeps database logins fresh (Written by rdsiam service install)</Description>",
      "<UserId>PC\\J&#252;rgen</UserId>",
      "<LogonType>InteractiveToken</LogonType>",
      "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
      "<Command>C:\\Program Files\\rdsiam.exe</Command>",
      "<Arguments>sync &#34;a b&#34; &#34;c\\&#34;d&#34;</Arguments>",
      "<WorkingDirectory>C:\\Users\\J&#252;rgen</WorkingDirectory>",
    ]
  ) assert.ok(text.includes(`${line}\n`), line);
  assert.equal(text.split("<UserId>").length, 3);
});
