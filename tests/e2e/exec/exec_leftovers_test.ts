import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { rdsiam, run } from "../rdsiam.ts";

const EXEC = [
  ...["exec", "-h", "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com"],
  ...["-U", "app"],
];

const isLinux = Deno.build.os === "linux";

/** Waits until a file is there, or gone. */
async function untilThere(path: string, isWanted: boolean): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const isThere = await Deno.stat(path).then(() => true, () => false);
    if (isThere === isWanted) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${path} never ${isWanted ? "came" : "went"}`);
}

Deno.test({
  name:
    "the login of what a program has left running stays, and exec says so; a later exec removes it",
  ignore: !isLinux,
  async fn(t) {
    if (await isMissing(t, "sh", "grep")) return;
    await using folder = await temporaryFolder();
    const env = { TMPDIR: folder.path };
    const go = `${folder.path}/go`;
    const script =
      `(while ! [ -e ${go} ]; do sleep 0.05; done) >/dev/null 2>&1 & echo $PGPASSFILE`;
    const { code, stdout, stderr } = await rdsiam(
      [...EXEC, "--", "sh", "-c", script],
      { env },
    );
    assert.equal(code, 0);
    assert.equal(
      stderr,
      "warning: What sh has started runs on, and its login is not renewed any more: --wait keeps it\n",
    );
    const passfile = stdout.trim();
    await rdsiam([...EXEC, "--", "true"], { env });
    await Deno.stat(passfile);
    await Deno.writeTextFile(go, "");
    for (let attempt = 0; attempt < 20; attempt++) {
      await rdsiam([...EXEC, "--", "true"], { env });
      if (await Deno.stat(passfile).then(() => false, () => true)) return;
    }
    throw new Error("The passfile is still there");
  },
});

Deno.test({
  name: "exec --wait ends with the last of what its program has started",
  ignore: !isLinux,
  async fn(t) {
    if (await isMissing(t, "sh", "grep")) return;
    await using folder = await temporaryFolder();
    const env = { TMPDIR: folder.path };
    const script =
      `(sleep 0.5; [ -s "$PGPASSFILE" ] && echo there > ${folder.path}/seen) >/dev/null 2>&1 & echo $PGPASSFILE; exit 3`;
    const { code, stdout, stderr } = await rdsiam(
      [...EXEC, "--wait", "--", "sh", "-c", script],
      { env },
    );
    assert.deepEqual([code, stderr], [3, ""]);
    assert.equal(await Deno.readTextFile(`${folder.path}/seen`), "there\n");
    await untilThere(stdout.trim(), false);
    const { stdout: left } = await run([
      "find",
      folder.path,
      "-name",
      "pgpass",
    ]);
    assert.equal(left, "");
  },
});
