import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };
import { PERMISSIONS } from "../../cli/permissions.ts";
import { KEY, run } from "../e2e/rdsiam.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILD = [
  ...["run", "--no-prompt", "--allow-env", "--allow-read", "--allow-run"],
  `${ROOT}scripts/build.ts`,
];

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function build(output: string, baseRuntime: string) {
  return run([Deno.execPath(), ...BUILD, "--output", output], {
    env: { DENORT_BIN: baseRuntime, NO_COLOR: "1" },
  });
}

/** Makes the bundle that goes into the binary, and gives the command that runs it as the binary would. */
async function bundle(folder: string): Promise<[string, ...string[]]> {
  const path = `${folder}/rdsiam.mjs`;
  const args = ["bundle", "--quiet", "--output", path, `${ROOT}cli/main.ts`];
  const { code, stderr } = await run([Deno.execPath(), ...args]);
  assert.equal(code, 0, stderr);
  const flags = ["run", "--no-config", "--no-prompt", ...PERMISSIONS];
  return [Deno.execPath(), ...flags, path];
}

// The real base runtime cannot be downloaded everywhere. Any executable takes its place up to the last step, which is
// to run the binary; that is not done here.
Deno.test("compile embeds one bundle and the permissions in a base runtime", async () => {
  await withFolder(async (folder) => {
    const base = Deno.execPath();
    const { code, stdout, stderr } = await build(`${folder}/rdsiam`, base);
    assert.equal(code, 0, stderr);
    const [, list = ""] = `${stdout}${stderr}`.split("Embedded Files");
    const files = list.match(/^.*[├└].*$/gm) ?? [];
    assert.equal(files.length, 1, list);
    assert.match(files[0] ?? "", /\.mjs \([\d.]+[KM]B\)/);

    const binary = await Deno.readFile(`${folder}/rdsiam`);
    const embedded = binary.length - (await Deno.stat(base)).size;
    assert.ok(embedded < 6_000_000, `${embedded} bytes are embedded`);
    const added = new TextDecoder().decode(
      binary.subarray((await Deno.stat(base)).size),
    );
    assert.match(added, /"allow_ffi":null,/);
    assert.match(added, /"allow_sys":\[\],/);
    assert.match(added, /"deny_import":\[\],"prompt":false\}/);
    assert.match(added, /generate-db-auth-token/);
  });
});

Deno.test("compile says what to do where there is no base runtime", async () => {
  await withFolder(async (folder) => {
    const { code, stderr } = await build(`${folder}/rdsiam`, `${folder}/none`);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /\nhint: Where the base runtime cannot be downloaded, name one with DENORT_BIN\n$/,
    );
  });
});

Deno.test("the bundle that goes into the binary works with the binary's permissions", async () => {
  await withFolder(async (folder) => {
    const program = await bundle(folder);
    const target = [
      "-h",
      "orders.abc.eu-west-1.rds.amazonaws.com",
      "-U",
      "app",
    ];
    const token = await run([...program, "token", ...target], { env: KEY });
    assert.equal(token.stderr, "");
    assert.match(
      token.stdout,
      /^orders\.abc\.eu-west-1\.rds\.amazonaws\.com:5432\/\?Action=connect&DBUser=app&/,
    );
    // Two at once: the locks that exec takes must be let go again.
    const script = `test -s "$PGPASSFILE" && test -s "$PGSSLROOTCERT"`;
    const runs = await Promise.all(
      [1, 2].map(() =>
        run([...program, "exec", ...target, "--", "sh", "-c", script], {
          env: KEY,
        })
      ),
    );
    assert.deepEqual(runs.map(({ code, stderr }) => [code, stderr]), [[0, ""], [
      0,
      "",
    ]]);
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

// A minifier that inlines what `using` holds would leave it open.
Deno.test("the bundle lets go of what it uses", async () => {
  await withFolder(async (folder) => {
    const source = `${folder}/source.ts`;
    await Deno.writeTextFile(
      source,
      `function pick() {
        using held = { value: 1, [Symbol.dispose]: () => console.log("let go") };
        return held.value;
      }
      console.log(pick());`,
    );
    const bundle = `${folder}/bundle.mjs`;
    await run([
      Deno.execPath(),
      "bundle",
      "--quiet",
      "--output",
      bundle,
      source,
    ]);
    const { stdout } = await run([Deno.execPath(), "run", bundle]);
    assert.equal(stdout, "let go\n1\n");
  });
});

Deno.test("deno task rdsiam runs with the binary's permissions", () => {
  const { command } = manifest.tasks.rdsiam;
  assert.equal(
    command,
    `deno run --no-prompt ${PERMISSIONS.join(" ")} cli/main.ts`,
  );
});
