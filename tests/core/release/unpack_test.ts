import assert from "node:assert/strict";
import { gzipSync, zipSync } from "fflate";
import { createTar } from "nanotar";
import {
  RELEASE_TARGETS,
  type ReleaseTarget,
} from "../../../core/release/release.ts";
import { unpackProgram } from "../../../core/release/unpack.ts";

const PROGRAM = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);

function targetFor(os: ReleaseTarget["os"]): ReleaseTarget {
  const target = RELEASE_TARGETS.find((target) => target.os === os);
  assert.ok(target);
  return target;
}

function tarOf(files: Record<string, Uint8Array>): Uint8Array {
  const entries = Object.entries(files);
  return gzipSync(createTar(entries.map(([name, data]) => ({ name, data }))));
}

Deno.test("unpackProgram() takes the program out of a .tar.gz, whatever lies beside it", () => {
  const other = new Uint8Array(700);
  for (const name of ["rdsiam", "./rdsiam"]) {
    const files = { LICENSE: other, "man/rdsiam": other, [name]: PROGRAM };
    assert.deepEqual(unpackProgram(tarOf(files), targetFor("linux")), PROGRAM);
  }
});

Deno.test("unpackProgram() takes the program out of a .zip", () => {
  const archive = zipSync({ "LICENSE": PROGRAM, "rdsiam.exe": PROGRAM });
  const program = unpackProgram(archive, targetFor("windows"));
  assert.deepEqual(new Uint8Array(program ?? []), PROGRAM);
});

Deno.test("unpackProgram() finds nothing where there is no program", () => {
  assert.equal(
    unpackProgram(tarOf({ LICENSE: PROGRAM }), targetFor("darwin")),
    undefined,
  );
  const archive = zipSync({ LICENSE: PROGRAM });
  assert.equal(unpackProgram(archive, targetFor("windows")), undefined);
});

Deno.test("unpackProgram() throws at what is no archive", () => {
  for (const os of ["linux", "windows"] as const) {
    assert.throws(() => unpackProgram(PROGRAM, targetFor(os)));
  }
});
