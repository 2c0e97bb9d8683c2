import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../../cli/run.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { fakeContext } from "../../fakes.ts";

const MODULE = `export default () => ({
  describe: { summary: "its logins", clients: "my client", rereads: "start", holdsSecrets: true },
  defaultPath: () => "/home/app/.mine",
  render() {}, remove() {},
})`;

async function call(...args: string[]) {
  await using folder = await temporaryFolder();
  const plugins = join(folder.path, "rdsiam", "plugins");
  await Deno.mkdir(plugins, { recursive: true, mode: 0o755 });
  await Deno.writeTextFile(join(plugins, "mine.ts"), MODULE, { mode: 0o644 });
  await Deno.writeTextFile(join(plugins, "wrong.ts"), "", { mode: 0o644 });
  const { context, stdout, stderr } = fakeContext({
    environment: { XDG_CONFIG_HOME: folder.path },
  });
  const code = await run(["writers", ...args], context);
  return { code, stdout: stdout.text, stderr: stderr.text, plugins };
}

Deno.test("writers prints a table, and warns of plugins that do not work", async () => {
  const { code, stdout, stderr, plugins } = await call();
  assert.equal(code, 0);
  assert.match(stdout, /^WRITER +FILE +MODE +READ +FROM +WHAT, AND BY WHOM\n/);
  const line = stdout.split("\n").find((line) => line.startsWith("mine "));
  assert.deepEqual(line?.split(/ {2,}/), [
    "mine",
    "/home/app/.mine",
    "0600",
    "at its own start",
    `${plugins}/mine.ts`,
    "its logins: my client",
  ]);
  assert.equal(
    stderr,
    `warning: Writer "wrong" of "${plugins}/wrong.ts" failed: its default export is not a function that makes a writer\n`,
  );
});

Deno.test("writers --json prints one document that tells everything", async () => {
  const { code, stdout, stderr, plugins } = await call("--json");
  assert.deepEqual([code, stderr], [0, ""]);
  const writers: { name: string }[] = JSON.parse(stdout);
  assert.deepEqual(writers.find(({ name }) => name === "mine"), {
    name: "mine",
    origin: `${plugins}/mine.ts`,
    defaultPath: "/home/app/.mine",
    mode: "0600",
    summary: "its logins",
    clients: "my client",
    rereads: "start",
    holdsSecrets: true,
    error: null,
  });
  const wrong = writers.find(({ name }) => name === "wrong");
  assert.match(JSON.stringify(wrong), /"summary":null,.*"error":"Writer /);
});
