import assert from "node:assert/strict";
import {
  archiveName,
  assetUrl,
  programName,
  RELEASE_TARGETS,
  releaseTarget,
} from "../../../core/release/release.ts";

Deno.test("archiveName() names version and Deno's target", () => {
  assert.deepEqual(
    RELEASE_TARGETS.map((target) => archiveName("1.2.3", target)),
    [
      "rdsiam-1.2.3-x86_64-unknown-linux-gnu.tar.gz",
      "rdsiam-1.2.3-aarch64-unknown-linux-gnu.tar.gz",
      "rdsiam-1.2.3-x86_64-apple-darwin.tar.gz",
      "rdsiam-1.2.3-aarch64-apple-darwin.tar.gz",
      "rdsiam-1.2.3-x86_64-pc-windows-msvc.zip",
    ],
  );
});

Deno.test("programName() ends in .exe on Windows alone", () => {
  assert.deepEqual(
    RELEASE_TARGETS.filter((target) => programName(target) !== "rdsiam").map((
      { os },
    ) => os),
    ["windows"],
  );
});

Deno.test("releaseTarget() finds the target by Deno's names", () => {
  assert.equal(
    releaseTarget("darwin", "aarch64")?.triple,
    "aarch64-apple-darwin",
  );
  assert.equal(releaseTarget("windows", "aarch64"), undefined);
  assert.equal(releaseTarget("freebsd", "x86_64"), undefined);
});

Deno.test("assetUrl() is GitHub's, or lies below a mirror with or without a slash", () => {
  assert.equal(
    assetUrl("1.2.3", "SHA256SUMS"),
    "https://github.com/rdsiam/rdsiam/releases/download/v1.2.3/SHA256SUMS",
  );
  for (const mirror of ["http://127.0.0.1:1/x", "http://127.0.0.1:1/x/"]) {
    assert.equal(
      assetUrl("1.2.3", "a.zip", mirror),
      "http://127.0.0.1:1/x/v1.2.3/a.zip",
    );
  }
});
