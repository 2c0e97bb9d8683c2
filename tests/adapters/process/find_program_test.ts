import assert from "node:assert/strict";
import { join, relative } from "node:path";
import {
  findProgram,
  findPrograms,
} from "../../../adapters/process/find_program.ts";
import { writeProgram } from "../release/program.ts";
import { temporaryFolder } from "../temporary_folder.ts";

Deno.test("findProgram() finds what a shell would run", async () => {
  await using first = await temporaryFolder();
  await using second = await temporaryFolder();
  const environment = { PATH: `${first.path}:${second.path}` };
  assert.equal(await findProgram("x", environment), undefined);
  await writeProgram(join(second.path, "x"), "true");
  await Deno.writeTextFile(join(first.path, "x"), "no program", {
    mode: 0o644,
  });
  assert.equal(await findProgram("x", environment), join(second.path, "x"));
  await Deno.chmod(join(first.path, "x"), 0o700);
  assert.equal(await findProgram("x", environment), join(first.path, "x"));
});

// security: path-absolute
Deno.test("findProgram() passes by folders of PATH that depend on where it is called", async () => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, "x"), "true");
  const PATH = relative(Deno.cwd(), folder.path);
  assert.equal(await findProgram("x", { PATH }), undefined);
  // Where tests run there is an install.sh that may be run.
  for (const PATH of [".", "", ":", "./"]) {
    assert.equal(await findProgram("install.sh", { PATH }), undefined);
  }
  assert.equal(await findProgram("install.sh", {}), undefined);
});

Deno.test("findPrograms() lists programs by their beginning, the first of each name", async () => {
  await using first = await temporaryFolder();
  await using second = await temporaryFolder();
  for (const name of ["p-b", "p-a", "q-c"]) {
    await writeProgram(join(second.path, name), "true");
  }
  await writeProgram(join(first.path, "p-a"), "true");
  await Deno.writeTextFile(join(first.path, "p-d"), "no program");
  await Deno.mkdir(join(first.path, "p-folder"));
  const PATH = `/nonexistent:${first.path}:${second.path}:${first.path}`;
  assert.deepEqual(await findPrograms("p-", { PATH }), [
    { name: "p-a", path: join(first.path, "p-a") },
    { name: "p-b", path: join(second.path, "p-b") },
  ]);
});
