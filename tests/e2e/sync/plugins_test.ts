import assert from "node:assert/strict";
import { join } from "node:path";
import { writeProgram } from "../../adapters/release/program.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { environment, RDSIAM, rdsiam } from "../rdsiam.ts";

const PATH = Deno.env.get("PATH");

Deno.test("rdsiam-NAME on PATH is a command that can call rdsiam back", async () => {
  await using folder = await temporaryFolder();
  await writeProgram(
    join(folder.path, "rdsiam-hello"),
    `echo "$# $1"; eval "$RDSIAM --version"; exit 3`,
  );
  const env = { PATH: `${folder.path}:${PATH}` };
  const { code, stdout, stderr } = await rdsiam(["hello", "a b", "c"], { env });
  assert.deepEqual([code, stderr], [3, ""]);
  assert.match(stdout, /^2 a b\nrdsiam \d+\.\d+\.\d+\n$/);
});

Deno.test("rdsiam-NAME gets the signals that rdsiam gets", async () => {
  await using folder = await temporaryFolder();
  await writeProgram(
    join(folder.path, "rdsiam-wait"),
    `trap 'echo got it; exit 9' TERM; echo ready; while :; do sleep 0.1; done`,
  );
  const [program, ...args] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [...args, "wait"],
    env: environment({ PATH: `${folder.path}:${PATH}` }),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await output.read()).value, "ready\n");
  child.kill("SIGTERM");
  assert.equal((await output.read()).value, "got it\n");
  assert.equal((await child.status).code, 9);
  await output.cancel();
});

Deno.test("writers lists a module of the plugin folder and a program of PATH", async () => {
  await using folder = await temporaryFolder();
  const plugins = join(folder.path, "rdsiam", "plugins");
  await Deno.mkdir(plugins, { recursive: true, mode: 0o755 });
  const module = join(plugins, "mine.ts");
  const text = `export default (options?: object) => ({
    describe: { summary: "one", clients: "x", rereads: "start", holdsSecrets: true },
    defaultPath: ({ HOME }: Record<string, string>) => HOME + "/.mine",
    render() {}, remove() {},
  });`;
  await Deno.writeTextFile(module, text, { mode: 0o644 });
  const program = join(folder.path, "rdsiam-writer-other");
  const description =
    '{"summary":"two","clients":"y","rereads":"reload","holdsSecrets":false,"defaultPath":"/etc/x"}';
  await writeProgram(program, `echo '${description}'`);
  const { code, stdout, stderr } = await rdsiam(["writers"], {
    env: {
      XDG_CONFIG_HOME: folder.path,
      PATH: `${folder.path}:${PATH}`,
    },
  });
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
  assert.deepEqual(lines.slice(-3, -1), [
    [
      "mine",
      `${Deno.env.get("HOME")}/.mine`,
      "0600",
      "at its own start",
      module,
      "one: x",
    ],
    ["other", "/etc/x", "kept", "when told to reload", program, "two: y"],
  ]);
});
