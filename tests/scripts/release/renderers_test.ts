import assert from "node:assert/strict";
import { archiveName, RELEASE_TARGETS } from "../../../core/release/release.ts";
import {
  parseChecksums,
  renderChecksums,
} from "../../../scripts/release/checksums.ts";
import { renderFormula } from "../../../scripts/release/homebrew.ts";
import { imageArguments } from "../../../scripts/release/image.ts";
import { readIntegrity } from "../../../scripts/release/lock.ts";
import { releaseNotes } from "../../../scripts/release/notes.ts";
import { renderScoop } from "../../../scripts/release/scoop.ts";
import { run } from "../../programs.ts";

const CHECKSUMS = new Map(
  RELEASE_TARGETS.map((target, index) => [
    archiveName("1.2.3", target),
    `${index}`.repeat(64),
  ]),
);
const RELEASE = { version: "1.2.3", checksums: CHECKSUMS };

Deno.test("renderChecksums() writes what sha256sum checks, and parseChecksums() reads it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a b.txt`.replace(" ", "-"), "");
    const empty =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const text = renderChecksums(new Map([["a-b.txt", empty]]));
    await Deno.writeTextFile(`${folder}/SHA256SUMS`, text);
    const program = Deno.build.os === "darwin" ? "shasum -a 256" : "sha256sum";
    const { code, output } = await run("sh", [
      "-c",
      `cd '${folder}' && ${program} -c SHA256SUMS`,
    ]);
    assert.deepEqual([code, output], [0, "a-b.txt: OK\n"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const sorted = [...CHECKSUMS].sort(([a], [b]) => a < b ? -1 : 1);
  assert.deepEqual([...parseChecksums(renderChecksums(CHECKSUMS))], sorted);
  assert.throws(
    () => parseChecksums("hello\n"),
    /"hello" is no line of sha256sum/,
  );
});

Deno.test("renderFormula() has every archive for macOS and Linux, with its checksum", () => {
  const formula = renderFormula(RELEASE);
  for (const [archive, checksum] of CHECKSUMS) {
    const lines =
      `url "https://github.com/rdsiam/rdsiam/releases/download/v1.2.3/${archive}"\n      sha256 "${checksum}"\n`;
    assert.equal(formula.includes(lines), !archive.endsWith(".zip"), archive);
  }
  assert.match(formula, /on_macos do\n {4}on_arm do\n {6}url ".*aarch64-apple/);
  assert.throws(
    () => renderFormula({ ...RELEASE, checksums: new Map() }),
    /has no checksum/,
  );
});

Deno.test("renderScoop() has the archive for Windows, and how to find the next one", () => {
  const manifest = JSON.parse(renderScoop(RELEASE));
  const archive = "rdsiam-1.2.3-x86_64-pc-windows-msvc.zip";
  assert.deepEqual(manifest.architecture["64bit"], {
    url: `https://github.com/rdsiam/rdsiam/releases/download/v1.2.3/${archive}`,
    hash: CHECKSUMS.get(archive),
  });
  assert.equal(
    manifest.autoupdate.architecture["64bit"].url,
    "https://github.com/rdsiam/rdsiam/releases/download/v$version/rdsiam-$version-x86_64-pc-windows-msvc.zip",
  );
});

Deno.test("imageArguments() tags a release as latest, and not a preview", () => {
  const tags = (version: string) =>
    imageArguments(version, { commit: "c", push: false })
      .filter((argument) => argument.startsWith("ghcr.io"));
  assert.deepEqual(tags("1.2.3"), [
    "ghcr.io/rdsiam/rdsiam:1.2.3",
    "ghcr.io/rdsiam/rdsiam:latest",
  ]);
  assert.deepEqual(tags("1.2.3-rc.1"), ["ghcr.io/rdsiam/rdsiam:1.2.3-rc.1"]);
  const all = imageArguments("1.2.3", { commit: "c", push: true });
  assert.ok(all.includes("--push") && all.includes("linux/amd64,linux/arm64"));
  assert.ok(all.includes("--provenance=mode=max"));
});

const CHANGELOG = `# Changelog

## Unreleased

- later

## [1.2.3] - 2026-01-31

### Added

- this

## 1.2.30

## 1.2.2
- old
`;

Deno.test("releaseNotes() cuts out the section of a version", () => {
  assert.equal(releaseNotes(CHANGELOG, "1.2.3"), "### Added\n\n- this\n");
  assert.equal(releaseNotes(CHANGELOG, "1.2.2"), "- old\n");
});

Deno.test("releaseNotes() refuses a version that the changelog says nothing of", () => {
  assert.throws(
    () => releaseNotes(CHANGELOG, "1.2"),
    /has no section "## 1\.2"/,
  );
  assert.throws(
    () => releaseNotes(CHANGELOG, "1.2.30"),
    /says nothing of 1\.2\.30/,
  );
});

Deno.test("readIntegrity() reads packages with scopes and peers", () => {
  const lock = JSON.stringify({
    version: "5",
    npm: {
      "@a/b@1.0.0": { integrity: "sha512-x" },
      "c@2.0.0-rc.1_d@3.0.0": { integrity: "sha512-y" },
    },
  });
  assert.deepEqual([...readIntegrity(lock)], [
    ["@a/b@1.0.0", "sha512-x"],
    ["c@2.0.0-rc.1", "sha512-y"],
  ]);
  assert.throws(
    () => readIntegrity('{"version":"6"}'),
    /deno.lock has version 6/,
  );
});
