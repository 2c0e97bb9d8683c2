import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { PERMISSIONS } from "../../cli/frame/permissions.ts";
import { ALONE } from "../../scripts/bundle/alone.ts";
import { readBundle } from "../../scripts/bundle/read_bundle.ts";
import { KEY, run } from "../e2e/rdsiam.ts";
import { copySources, runCopy } from "./source_copy.ts";

const TARGET = ["-h", "orders.abc.eu-west-1.rds.amazonaws.com", "-U", "app"];

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes the bundle in a folder, and gives the command that runs it as the binary would. */
async function bundle(folder: string): Promise<[string, ...string[]]> {
  await copySources(`${folder}/source`);
  const { code, output } = await runCopy(`${folder}/source`, "bundle.ts", [
    ...["--output", `${folder}/bundle`],
  ]);
  assert.equal(code, 0, output);
  await Deno.remove(`${folder}/source`, { recursive: true });
  const flags = ["run", ...ALONE, "--no-prompt", ...PERMISSIONS];
  return [Deno.execPath(), ...flags, `${folder}/bundle/rdsiam.js`];
}

// The real base runtime cannot be downloaded everywhere. Any executable takes its place up to the last step, which is
// to run the binary; that is not done here.
Deno.test("compile embeds the bundle and the permissions in a base runtime", async () => {
  await withFolder(async (folder) => {
    await copySources(folder);
    const base = Deno.execPath();
    const path = `${folder}/rdsiam`;
    const { code, output } = await runCopy(folder, "build.ts", [
      ...["--output", path],
    ], { DENORT_BIN: base });
    assert.equal(code, 0, output);
    const files = await readBundle(`${folder}/dist/bundle`);
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
    assert.ok(!binary.includes(folder), "the folder of the build is embedded");
  });
});

Deno.test("compile says what to do where there is no base runtime", async () => {
  await withFolder(async (folder) => {
    await copySources(folder);
    const { code, output } = await runCopy(folder, "build.ts", [], {
      DENORT_BIN: `${folder}/none`,
    });
    assert.equal(code, 1);
    assert.match(
      output,
      /\nhint: Where the base runtime cannot be downloaded, name one with DENORT_BIN\n$/,
    );
  });
});

Deno.test("compile refuses a target that no release is made for, before it does anything", async () => {
  await withFolder(async (folder) => {
    await copySources(folder);
    const { code, output } = await runCopy(folder, "build.ts", [
      ...["--target", "riscv64gc-unknown-linux-gnu"],
    ]);
    assert.equal(code, 1);
    assert.match(
      output,
      /^error: Target "riscv64gc-unknown-linux-gnu" is not known\nhint: Known: x86_64-unknown-linux-gnu, /,
    );
  });
});

Deno.test("the bundle is the same wherever its sources lie", async () => {
  await withFolder(async (folder) => {
    const made = [];
    for (const place of [`${folder}/a`, `${folder}/far/deeper/b`]) {
      await copySources(place);
      const output = `${folder}/bundle`;
      const result = await runCopy(place, "bundle.ts", ["--output", output]);
      assert.equal(result.code, 0, result.output);
      made.push(await readBundle(output));
    }
    assert.ok((made[0]?.length ?? 0) > 1);
    assert.deepEqual(made[0], made[1]);
  });
});

Deno.test("a bundle over its budget is not written", async () => {
  await withFolder(async (folder) => {
    await copySources(folder);
    const budget = `${folder}/scripts/bundle/budget.json`;
    const { packages } = JSON.parse(await Deno.readTextFile(budget));
    await Deno.writeTextFile(
      budget,
      JSON.stringify({ bytes: 1000, startBytes: 1e9, packages }),
    );
    const { code, output } = await runCopy(folder, "bundle.ts");
    assert.equal(code, 1);
    assert.match(
      output,
      /\nerror: The bundle is not as it should be:\n {2}The bundle has \d+ bytes, over the budget of 1000\nhint: If it should be so: deno task bundle --accept\n$/,
    );
    await assert.rejects(Deno.stat(`${folder}/dist`), Deno.errors.NotFound);
  });
});

Deno.test("the bundle works alone with the binary's permissions", async () => {
  await withFolder(async (folder) => {
    const program = await bundle(folder);
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
});

Deno.test("the bundle loads a writer from a TypeScript file beside it", async () => {
  await withFolder(async (folder) => {
    const plugins = `${folder}/rdsiam/plugins`;
    await Deno.mkdir(plugins, { recursive: true, mode: 0o755 });
    const text = `import { join } from "node:path";
      export default (options?: object) => ({
        describe: { summary: "s", clients: "c", rereads: "start", holdsSecrets: false },
        defaultPath: () => join("/a", "b"), render() {}, remove() {},
      });`;
    await Deno.writeTextFile(`${plugins}/mine.ts`, text, { mode: 0o644 });
    const program = await bundle(folder);
    const { stdout, stderr } = await run([...program, "writers"], {
      env: { XDG_CONFIG_HOME: folder },
    });
    assert.equal(stderr, "");
    assert.match(stdout, /\nmine +\/a\/b +kept +at its own start +\S+ +s: c\n/);
  });
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
