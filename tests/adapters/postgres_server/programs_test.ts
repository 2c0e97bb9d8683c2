import assert from "node:assert/strict";
import { join } from "node:path";
import { preparePostgres } from "../../../adapters/postgres_server/programs.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { namesIn } from "./fixture.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const HINT = "Install PostgreSQL, or name its folder with --postgres DIR";

/** Makes an installation whose programs run a shell's script. */
async function makeInstallation(
  folder: string,
  script: string,
): Promise<string> {
  const bin = join(folder, "bin");
  await Deno.mkdir(bin);
  for (const name of ["postgres", "initdb"]) {
    const path = join(bin, name);
    await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`);
    await Deno.chmod(path, 0o755);
  }
  return bin;
}

for (
  const [said, version, major] of [
    ["postgres (PostgreSQL) 17.2 (Debian 17.2-1.pgdg120+1)", "17.2", 17],
    ["postgres (PostgreSQL) 18beta1", "18beta1", 18],
    ["postgres (PostgreSQL) 19devel", "19devel", 19],
  ] as const
) {
  Deno.test(`preparePostgres() reads the version of "${said}"`, async () => {
    await using folder = await temporaryFolder();
    const bin = await makeInstallation(folder.path, `echo '${said}'`);
    const programs = await preparePostgres({
      directory: folder.path,
      folder: folder.path,
      user: undefined,
    });
    assert.deepEqual(programs, { bin, version, major });
  });
}

Deno.test("preparePostgres() tells why given programs do not run", async () => {
  for (
    const [script, why] of [
      [
        "echo 'libpq.so.5: cannot open' >&2; exit 127",
        "libpq.so.5: cannot open",
      ],
      ["echo something else", "it does not tell its version"],
    ] as const
  ) {
    await using folder = await temporaryFolder();
    const bin = await makeInstallation(folder.path, script);
    await assertRefusesLater(
      preparePostgres({
        directory: folder.path,
        folder: folder.path,
        user: undefined,
      }),
      {
        kind: "failed",
        message: `Program "${join(bin, "postgres")}" cannot be run: ${why}`,
        hint: HINT,
      },
    );
  }
});

Deno.test("preparePostgres() removes what it unpacked when that does not run", async () => {
  await using folder = await temporaryFolder();
  await makeInstallation(folder.path, "exit 1");
  await Deno.mkdir(join(folder.path, "lib"));
  await Deno.writeTextFile(join(folder.path, "pg-symlinks.json"), "[]");
  await using target = await temporaryFolder();
  await assert.rejects(
    preparePostgres({
      directory: folder.path,
      folder: target.path,
      user: undefined,
    }),
    { kind: "failed", hint: HINT },
  );
  assert.deepEqual(await namesIn(target.path), []);
});
