/** A credential_process that hangs: it ends with rdsiam. */
import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import { awsConfig } from "../aws_config.ts";
import { commandLines } from "../process_tree.ts";
import { environment, RDSIAM, run } from "../rdsiam.ts";

Deno.test("token ends a credential_process that hangs when it is ended itself", async (t) => {
  if (await isMissing(t, "ps")) return;
  await using aws = await awsConfig(
    "[profile vault]\ncredential_process = /bin/sh -c 'sleep 986; true'\n",
  );
  const [program, ...args] = [
    ...RDSIAM,
    ...["token", "-h", "orders.abc.eu-west-1.rds.amazonaws.com"],
    ...["-U", "app", "--profile", "vault"],
  ];
  const child = new Deno.Command(program ?? "", {
    args,
    env: environment(aws.env),
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const pids = await untilRunning(child.pid);
  child.kill("SIGTERM");
  const [{ code }, errors] = await Promise.all([
    child.status,
    new Response(child.stderr).text(),
  ]);
  assert.deepEqual([code, errors], [143, "error: It was ended by a signal\n"]);
  const left = await Promise.all(pids.map((pid) => commandLines(pid)));
  assert.doesNotMatch(left.join("\n"), /sleep 986/);
});

/** Waits until the process of the profile runs. */
async function untilRunning(pid: number): Promise<number[]> {
  while (!/sleep 986/.test(await commandLines(pid))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { stdout } = await run(["ps", "-A", "-o", "pid=,args="]);
  return stdout.split("\n").filter((line) => line.endsWith("sleep 986"))
    .map((line) => Number.parseInt(line.trim()));
}
