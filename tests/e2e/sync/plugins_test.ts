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

Deno.test("sync reports what a program of PATH has left out as left out", async () => {
  await using folder = await temporaryFolder();
  const answers = {
    describe:
      '{"summary":"two","clients":"y","rereads":"reload","holdsSecrets":true}',
    render: '{"newText":"orders\\n","leftOut":["shop"]}',
  };
  await writeProgram(
    join(folder.path, "rdsiam-writer-other"),
    `read -r ask; case "$ask" in
*'"action":"describe"'*) printf %s '${answers.describe}' ;;
*) printf %s '${answers.render}' ;;
esac`,
  );
  const config = join(folder.path, "rdsiam.toml");
  const target = (name: string) =>
    `[targets.${name}]\nhost = "${name}.abc.eu-west-1.rds.amazonaws.com"\nusername = "app"\n`;
  await Deno.writeTextFile(config, target("orders") + target("shop"));
  const file = join(folder.path, "file");
  const sync = (...more: string[]) =>
    rdsiam(
      ["sync", "--config", config, "--writer", `other=${file}`, ...more],
      { env: { PATH: `${folder.path}:${PATH}` } },
    );
  const { code, stderr } = await sync();
  assert.equal(code, 0, stderr);
  const [first, ...rest] = stderr.split("\n");
  assert.match(
    first ?? "",
    new RegExp(`^${file}: orders, good until [\\d:]+$`),
  );
  assert.deepEqual(rest, [
    "warning: Left out, since such a file cannot hold it: shop",
    "",
  ]);
  const { stdout } = await sync("--json", "--quiet");
  const [{ targets, leftOut }] = JSON.parse(stdout).written;
  assert.deepEqual(targets.map(({ name }: { name: string }) => name), [
    "orders",
  ]);
  assert.deepEqual(leftOut, ["shop"]);
});
