import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import manifest from "../../../deno.json" with { type: "json" };
import { programName, RELEASE_TARGETS } from "../../../core/release.ts";
import { parseChecksums } from "../../../scripts/release/checksums.ts";
import { run } from "../../programs.ts";
import { copySources, runCopy } from "../source_copy.ts";

const { version } = manifest;

// Files stand in for the binaries, which need a base runtime that cannot be downloaded everywhere.
Deno.test("release tasks pack every target the same each time, with checksums, bill of materials and manifests", async () => {
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
      await Deno.writeTextFile(`${path}/${programName(target)}`, target.triple);
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
      /^-rwxr-xr-x .* rdsiam\n-rw-r--r-- .* LICENSE\n.* THIRD_PARTY_LICENSES\n.* README\.md\n$/,
    );
    const zip = await Deno.readFile(`${archive}-x86_64-pc-windows-msvc.zip`);
    assert.match(new TextDecoder("latin1").decode(zip), /^PK.*rdsiam\.exe/s);

    const bom = JSON.parse(await Deno.readTextFile(`${archive}.cdx.json`));
    assert.equal(bom.specVersion, "1.6");
    assert.equal(bom.metadata.timestamp, "2023-11-14T22:13:20.000Z");
    const names = bom.components.map(({ name }: { name: string }) => name);
    assert.ok(names.includes("deno") && names.includes("commander"));
    assert.ok(!names.includes("fast-check"));
    for (const name of ["notes.md", "rdsiam.rb", "rdsiam.json"]) {
      await Deno.stat(`${folder}/dist/managers/${name}`);
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
