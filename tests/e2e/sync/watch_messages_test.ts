import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { environment, KEY, RDSIAM } from "../rdsiam.ts";

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

for (const stream of ["stderr", "stdout"] as const) {
  Deno.test(`a watch goes on when nobody reads its ${stream} any more`, async () => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/pgpass`;
    const config = `${folder.path}/rdsiam.toml`;
    const configure = (name: string) =>
      Deno.writeTextFile(
        config,
        `[targets.${name}]\nhost = "${HOST}"\nusername = "${name}"\n`,
      );
    await configure("first");
    const [program, ...args] = RDSIAM;
    const child = new Deno.Command(program, {
      args: [
        ...[...args, "pgpass", "sync", "--watch", "--file", file],
        ...["--config", config, ...(stream === "stdout" ? ["--json"] : [])],
      ],
      env: environment(KEY),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = child[stream].getReader();
    const other = child[stream === "stderr" ? "stdout" : "stderr"];
    await reader.read();
    await reader.cancel();
    try {
      // Each is told of: a target whose user is another one, and one that cannot be used.
      for (const name of ["second", "third"]) {
        await Deno.writeTextFile(config, "nonsense");
        child.kill("SIGHUP");
        await new Promise((resolve) => setTimeout(resolve, 100));
        await configure(name);
        child.kill("SIGHUP");
        const end = Date.now() + 20_000;
        while (
          !(await Deno.readTextFile(file).catch(() => "")).includes(
            `:${name}:`,
          )
        ) {
          assert.ok(Date.now() < end, `${name} was never written`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    } finally {
      child.kill("SIGTERM");
    }
    assert.equal((await child.status).code, 0);
    await other.cancel();
  });
}
