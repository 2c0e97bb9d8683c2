import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { PERMISSIONS } from "../../cli/frame/permissions.ts";
import { ALONE } from "../../scripts/bundle/alone.ts";
import { readBundle } from "../../scripts/bundle/read_bundle.ts";
import { KEY, run } from "../e2e/rdsiam.ts";
import { copySources, runCopy } from "./source_copy.ts";

const TARGET = ["-h", "orders.abc.eu-west-1.rds.amazonaws.com", "-U", "app"];

/** What all tests here build in: copies of the sources, since a build writes beside them, and what came of the first. */
let root: string;
let source: string;
let bundle: string;
let program: [string, ...string[]];

Deno.test.beforeAll(async () => {
  root = await Deno.makeTempDir();
  source = `${root}/source`;
  bundle = `${root}/bundle`;
  await copySources(source);
  const { code, output } = await runCopy(source, "bundle.ts", [
    ...["--output", bundle],
  ]);
  assert.equal(code, 0, output);
  const flags = ["run", ...ALONE, "--no-prompt", ...PERMISSIONS];
  program = [Deno.execPath(), ...flags, `${bundle}/rdsiam.js`];
});

Deno.test.afterAll(async () => {
  await Deno.remove(root, { recursive: true });
});

// The real base runtime cannot be downloaded everywhere. Any executable takes its place up to the last step, which is
// to run the binary; that is not done here.
Deno.test("compile embeds the bundle and the permissions in a base runtime", async () => {
  const base = Deno.execPath();
  const path = `${root}/rdsiam`;
  const { code, output } = await runCopy(source, "build.ts", [
    ...["--output", path],
  ], { DENORT_BIN: base });
  assert.equal(code, 0, output);
  const files = await readBundle(`${source}/dist/bundle`);
  const [, list = ""] = output.split("Embedded Files");
  const embedded = [...list.matchAll(/^ *[├└]─+ (\S+) \(/gm)]
    .map(([, name]) => name);
  assert.deepEqual(embedded.sort(), files.map(({ name }) => name));

  const all = await Deno.readFile(path);
  const binary = new TextDecoder().decode(
    all.subarray((await Deno.stat(base)).size),
  );
  assert.match(binary, /"allow_ffi":null,/);
  assert.match(binary, /"allow_sys":\[\],/);
  assert.match(binary, /"deny_import":\[\],"prompt":false\}/);
  assert.match(binary, /"features":\["net"\]/);
  assert.match(binary, /"code_cache_key":null/);
  assert.match(binary, /generate-db-auth-token/);
  assert.ok(!binary.includes(root), "the folder of the build is embedded");
});

Deno.test("compile says what to do where there is no base runtime", async () => {
  const { code, output } = await runCopy(source, "build.ts", [], {
    DENORT_BIN: `${root}/none`,
  });
  assert.equal(code, 1);
  assert.match(
    output,
    /\nhint: Where the base runtime cannot be downloaded, name one with DENORT_BIN\n$/,
  );
});

Deno.test("compile refuses a target that no release is made for, before it does anything", async () => {
  const { code, output } = await runCopy(source, "build.ts", [
    ...["--target", "riscv64gc-unknown-linux-gnu"],
  ]);
  assert.equal(code, 1);
  assert.match(
    output,
    /^error: Target "riscv64gc-unknown-linux-gnu" is not known\nhint: Known: x86_64-unknown-linux-gnu, /,
  );
});

Deno.test("the bundle is the same wherever its sources lie, and is not written when it is over its budget", async () => {
  const far = `${root}/far/deeper`;
  await copySources(far);
  const made = await runCopy(far, "bundle.ts", ["--output", `${root}/other`]);
  assert.equal(made.code, 0, made.output);
  const files = await readBundle(bundle);
  assert.ok(files.length > 1);
  assert.deepEqual(await readBundle(`${root}/other`), files);

  const budget = `${far}/scripts/bundle/budget.json`;
  const { packages } = JSON.parse(await Deno.readTextFile(budget));
  await Deno.writeTextFile(
    budget,
    JSON.stringify({ bytes: 1000, startBytes: 1e9, packages }),
  );
  const { code, output } = await runCopy(far, "bundle.ts");
  assert.equal(code, 1);
  assert.match(
    output,
    /\nerror: The bundle is not as it should be:\n {2}The bundle has \d+ bytes, over the budget of 1000\nhint: If it should be so: deno task bundle --accept\n$/,
  );
  await assert.rejects(Deno.stat(`${far}/dist`), Deno.errors.NotFound);
});

Deno.test("the bundle works alone with the binary's permissions", async () => {
  const version = await run([...program, "--version", "--json"]);
  assert.deepEqual(JSON.parse(version.stdout), {
    version: manifest.version,
    commit: null, // of a copy without its history
    deno: Deno.version.deno,
    target: Deno.build.target,
  });
  const token = await run([...program, "token", ...TARGET], { env: KEY });
  assert.equal(token.stderr, "");
  assert.match(
    token.stdout,
    /^orders\.abc\.eu-west-1\.rds\.amazonaws\.com:5432\/\?Action=connect&DBUser=app&/,
  );
  // Two at once: the locks that exec takes must be let go again.
  const script = `test -s "$PGPASSFILE" && test -s "$PGSSLROOTCERT"`;
  const runs = await Promise.all(
    [1, 2].map(() =>
      run([...program, "exec", ...TARGET, "--", "sh", "-c", script], {
        env: KEY,
      })
    ),
  );
  assert.deepEqual(runs.map(({ code, stderr }) => [code, stderr]), [
    [0, ""],
    [0, ""],
  ]);
});

Deno.test("the bundle loads a writer from a TypeScript file beside it", async () => {
  const home = `${root}/home`;
  const plugins = `${home}/rdsiam/plugins`;
  await Deno.mkdir(plugins, { recursive: true, mode: 0o755 });
  const text = `import { join } from "node:path";
    export default (options?: object) => ({
      describe: { summary: "s", clients: "c", rereads: "start", holdsSecrets: false },
      defaultPath: () => join("/a", "b"), render() {}, remove() {},
    });`;
  await Deno.writeTextFile(`${plugins}/mine.ts`, text, { mode: 0o644 });
  const { stdout, stderr } = await run([...program, "writers"], {
    env: { XDG_CONFIG_HOME: home },
  });
  assert.equal(stderr, "");
  assert.match(stdout, /\nmine +\/a\/b +kept +at its own start +\S+ +s: c\n/);
});

// security: binary-permissions
Deno.test("deno task rdsiam runs with the binary's permissions", () => {
  const { command } = manifest.tasks.rdsiam;
  assert.equal(
    command,
    `deno run --no-prompt ${PERMISSIONS.join(" ")} cli/main.ts`,
  );
  assert.ok(PERMISSIONS.includes("--deny-import"));
  assert.ok(PERMISSIONS.every((flag) => !/ffi|allow-all|-A\b/.test(flag)));
});
