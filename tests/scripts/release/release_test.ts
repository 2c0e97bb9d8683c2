import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import manifest from "../../../deno.json" with { type: "json" };
import { run as upgrade } from "../../../cli/commands/upgrade.ts";
import { createInvocation } from "../../../cli/run.ts";
import {
  INSTALLERS,
  programName,
  RELEASE_TARGETS,
} from "../../../core/release/release.ts";
import { parseChecksums } from "../../../scripts/release/checksums.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { fakeContext } from "../../fakes.ts";
import { isMissing, run } from "../../programs.ts";
import { namesIn, serveReleases, standIn } from "../../release/server.ts";
import { copySources, runCopy } from "../source_copy.ts";

const { version } = manifest;

// Files stand in for the binaries, which need a base runtime that cannot be downloaded everywhere.
// security: release-sbom
Deno.test("release tasks pack every target the same each time, with checksums, bill of materials and manifests; install.sh and upgrade take it", async (t) => {
  if (await isMissing(t, "tar", ["curl", "wget"])) return;
  const folder = await Deno.makeTempDir();
  const triples = RELEASE_TARGETS.map(({ triple }) => triple);
  const env = { SOURCE_DATE_EPOCH: "1700000000" };
  async function task(script: string, ...args: string[]) {
    const { code, output } = await runCopy(folder, script, args, env);
    assert.equal(code, 0, output);
  }
  try {
    await copySources(folder);
    const changelog = `${folder}/CHANGELOG.md`;
    const text = await Deno.readTextFile(changelog);
    await Deno.writeTextFile(
      changelog,
      text.replace("## Unreleased", `## ${version}`),
    );
    for (const target of RELEASE_TARGETS) {
      const path = `${folder}/dist/${target.triple}`;
      await Deno.mkdir(path, { recursive: true });
      await Deno.writeTextFile(
        `${path}/${programName(target)}`,
        standIn(version),
      );
    }
    await task("release_check.ts", `v${version}`);
    await task("bundle.ts");
    await task("release_pack.ts", ...triples);
    await task("release_files.ts");
    const sums = await Deno.readTextFile(`${folder}/dist/release/SHA256SUMS`);
    await task("release_pack.ts", ...triples);
    for (const [name, checksum] of parseChecksums(sums)) {
      const data = await Deno.readFile(`${folder}/dist/release/${name}`);
      const again = createHash("sha256").update(data).digest("hex");
      assert.equal(again, checksum, name);
    }

    const archive = `${folder}/dist/release/rdsiam-${version}`;
    const tar = await run("tar", [
      "-tvzf",
      `${archive}-x86_64-unknown-linux-gnu.tar.gz`,
    ]);
    assert.match(
      tar.output,
      /^-rwxr-xr-x .* rdsiam\n-rw-r--r-- .* LICENSE\n.* THIRD_PARTY_LICENSES\n.* README\.md\n/,
    );
    const formula = await Deno.readTextFile(
      `${folder}/dist/managers/rdsiam.rb`,
    );
    const installed = [...formula.matchAll(/"((?:man|completions)\/[^"]+)"/g)]
      .map(([, name = ""]) => name.replace("*", "rdsiam-exec"));
    assert.equal(installed.length, 4);
    for (const name of installed) {
      assert.ok(tar.output.includes(` ${name}\n`), `${name} is in the archive`);
    }
    const zip = await Deno.readFile(`${archive}-x86_64-pc-windows-msvc.zip`);
    assert.match(new TextDecoder("latin1").decode(zip), /^PK.*rdsiam\.exe/s);

    const bom = JSON.parse(await Deno.readTextFile(`${archive}.cdx.json`));
    assert.equal(bom.specVersion, "1.6");
    assert.equal(bom.metadata.timestamp, "2023-11-14T22:13:20.000Z");
    const names = bom.components.map(({ name }: { name: string }) => name);
    assert.ok(names.includes("deno") && names.includes("commander"));
    assert.ok(!names.includes("fast-check"));
    await assertInstalls(`${folder}/dist/release`);
    for (const name of ["notes.md", "rdsiam.rb", "rdsiam.json"]) {
      await Deno.stat(`${folder}/dist/managers/${name}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Installs a release with its own install.sh, and upgrades to it, as from GitHub. */
async function assertInstalls(release: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const files = new Map<string, Uint8Array>();
  for (const name of await namesIn(release)) {
    const data = await Deno.readFile(`${release}/${name}`);
    files.set(`/download/v${version}/${name}`, data);
    files.set(`/latest/download/${name}`, data);
  }
  assert.ok(INSTALLERS.every((name) => files.has(`/latest/download/${name}`)));
  await using server = serveReleases(files);
  await using home = await temporaryFolder();
  const folder = await Deno.realPath(home.path);
  const program = `${folder}/rdsiam`;
  const environment = { RDSIAM_DOWNLOAD_URL: server.url };
  const { code, output } = await run(
    "sh",
    [`${release}/install.sh`, "--dir", folder],
    { HOME: folder, ...environment },
  );
  assert.equal(code, 0, output);
  assert.equal(await Deno.readTextFile(program), standIn(version));

  await Deno.writeTextFile(program, standIn("0.0.1"));
  const { context, stdout } = fakeContext({ environment });
  await upgrade(
    {},
    createInvocation(context),
    { standalone: true, execPath: program, mainModule: "file:///main.ts" },
    "0.0.1",
  );
  assert.equal(
    stdout.text,
    `Replaced rdsiam 0.0.1 by ${version}: ${program}\n`,
  );
  assert.equal(await Deno.readTextFile(program), standIn(version));
}

Deno.test("release tasks say which task makes what is missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await copySources(folder);
    const env = { SOURCE_DATE_EPOCH: "1700000000" };
    const [{ triple } = { triple: "" }] = RELEASE_TARGETS;
    const archive = `dist/release/rdsiam-${version}-${triple}.tar.gz`;
    const cases: [script: string, args: string[], output: string][] = [
      [
        "release_pack.ts",
        [triple],
        `error: dist/${triple}/rdsiam is not there\n` +
        `hint: Run: deno task compile --target ${triple}\n`,
      ],
      [
        "release_image.ts",
        [],
        `error: ${archive} is not there\n` +
        "hint: Run: deno task release:pack, for each target of Linux\n",
      ],
    ];
    for (const [script, args, told] of cases) {
      const { code, output } = await runCopy(folder, script, args, env);
      assert.equal(code, 1);
      // Deno may warn of packages before.
      assert.ok(output.endsWith(told), output);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("release:check refuses a tag of another version", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await copySources(folder);
    const { code, output } = await runCopy(folder, "release_check.ts", [
      "v9.9.9",
    ]);
    assert.equal(code, 1);
    assert.match(
      output,
      /^error: Tag "v9\.9\.9" is not v.*, the version in deno\.json\n$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
