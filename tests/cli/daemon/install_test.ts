/** Service managers of systems that this one is not, played by programs on PATH. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { install } from "../../../cli/daemon/install.ts";
import { status } from "../../../cli/daemon/status.ts";
import { uninstall } from "../../../cli/daemon/uninstall.ts";
import { createInvocation } from "../../../cli/run.ts";
import { launchdManager } from "../../../core/daemon/launchd_manager.ts";
import { taskScheduler } from "../../../core/daemon/task_scheduler.ts";
import type { DaemonManager } from "../../../core/daemon/manager.ts";
import { writeProgram } from "../../adapters/release/program.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { fakeContext } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const OPTIONS = { name: "rdsiam" };

/** A folder on PATH with this program, which remembers its orders. */
async function world(program: string, script: string) {
  const folder = await temporaryFolder();
  const orders = join(folder.path, "orders");
  await writeProgram(
    join(folder.path, program),
    `echo "$*" >>'${orders}'\n${script}`,
  );
  const environment = {
    PATH: `${folder.path}:${Deno.env.get("PATH")}`,
    AWS_PROFILE: "prod",
  };
  const { context, stdout, stderr } = fakeContext({ environment });
  const invocation = createInvocation(context);
  return {
    path: folder.path,
    invocation,
    stdout,
    stderr,
    async calls(manager: DaemonManager) {
      await install(OPTIONS, manager, invocation);
      await status(OPTIONS, manager, invocation);
      await uninstall(OPTIONS, manager, invocation);
      return (await Deno.readTextFile(orders)).split("\n");
    },
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

Deno.test("service drives launchd: one that runs is taken out first, and one that does not is no failure", async () => {
  const script =
    'case "$1" in bootout) exit 3;; print) echo "state = running";; esac';
  await using here = await world("launchctl", script);
  const manager = launchdManager("rdsiam", here.path, 501);
  const path = `${here.path}/Library/LaunchAgents/rdsiam.plist`;
  assert.deepEqual(await here.calls(manager), [
    "bootout gui/501/rdsiam",
    `bootstrap gui/501 ${path}`,
    "print gui/501/rdsiam",
    "bootout gui/501/rdsiam",
    "",
  ]);
  assert.equal(
    here.stdout.text,
    `wrote ${path}
started rdsiam: rdsiam sync --watch
rdsiam is running: running, starts at login
launchd: ${path}
removed ${path}
`,
  );
  assert.ok((await Deno.stat(`${here.path}/Library/Logs`)).isDirectory);
});

Deno.test("service install refuses a command that rdsiam does not have, and writes nothing", async () => {
  await using here = await world("launchctl", "");
  const manager = launchdManager("rdsiam", here.path, 501);
  const invocation = { ...here.invocation, trailing: ["pgpass", "snyc"] };
  await assertRefusesLater(install(OPTIONS, manager, invocation), {
    message: 'Unknown command "snyc"',
    hint: "Did you mean sync?",
  });
  await assert.rejects(Deno.stat(manager.path), Deno.errors.NotFound);
});

Deno.test("service drives the Task Scheduler, and says which variables a task does not get", async () => {
  await using here = await world("schtasks", `echo '"x","N/A","Ready"'`);
  const manager = {
    ...taskScheduler("rdsiam", "C:\\A", "PC\\app"),
    path: `${here.path}/rdsiam.xml`, // no path of Windows here
  };
  const orders = await here.calls(manager);
  assert.deepEqual(orders.map((line) => line.split(" ")[0]), [
    ...["/End", "/Create", "/Run", "/Query", "/End", "/Delete", ""],
  ]);
  assert.equal(
    here.stderr.text,
    "warning: The service gets your user variables alone. To give it AWS_PROFILE: setx NAME VALUE\n",
  );
  assert.match(
    here.stdout.text,
    /\nrdsiam is not running: Ready, starts at login\n/,
  );
});
