import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { unpackPostgres } from "../../../adapters/postgres_server/package.ts";
import { namesIn } from "./fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

/** Makes a package with these files, as npm unpacks it: without links and without the right to execute. */
async function makePackage(
  folder: string,
  { mode = 0o600 }: { mode?: number } = {},
): Promise<string> {
  const native = join(folder, "native");
  const files: Record<string, string> = {
    "bin/postgres": "#!/bin/sh\necho hello\n",
    "include/postgres.h": "",
    "lib/libpq.a": "",
    "lib/libpq.so.5.18": "library",
    "lib/pkgconfig/libpq.pc": "",
    "share/timezone": "",
    "pg-symlinks.json": JSON.stringify([{
      source: "native/lib/libpq.so.5.18",
      target: "native/lib/libpq.so.5",
    }]),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(native, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, content, { mode });
  }
  return native;
}

Deno.test("unpackPostgres() copies what a server needs, makes its links, and opens it to every user", async () => {
  await using folder = await temporaryFolder();
  const packed = await makePackage(folder.path);
  const target = join(folder.path, "postgres");
  await unpackPostgres(packed, {
    target,
    folder: folder.path,
    user: undefined,
  });
  assert.deepEqual((await namesIn(target)).sort(), ["bin", "lib", "share"]);
  assert.deepEqual((await namesIn(join(target, "lib"))).sort(), [
    "libpq.so.5",
    "libpq.so.5.18",
  ]);
  const link = join(target, "lib", "libpq.so.5");
  assert.equal(await Deno.readLink(link), "libpq.so.5.18");
  assert.equal(await Deno.readTextFile(link), "library");
  assert.equal(await modeOf(join(target, "bin", "postgres")), "0755");
  assert.equal(await modeOf(join(target, "share", "timezone")), "0644");
  assert.equal(await modeOf(target), "0755");
});

Deno.test("unpackPostgres() puts links in the place of files that an installer made", async () => {
  await using folder = await temporaryFolder();
  const packed = await makePackage(folder.path);
  await Deno.symlink("libpq.so.5.18", join(packed, "lib", "libpq.so.5"));
  const target = join(folder.path, "postgres");
  await unpackPostgres(packed, {
    target,
    folder: folder.path,
    user: undefined,
  });
  assert.equal(
    await Deno.readLink(join(target, "lib", "libpq.so.5")),
    "libpq.so.5.18",
  );
});

Deno.test("unpackPostgres() gives the copy to the server's user", async () => {
  if (Deno.uid() !== 0) return; // who has no other user
  await using folder = await temporaryFolder();
  const packed = await makePackage(folder.path);
  const target = join(folder.path, "postgres");
  const user = { uid: 65534, gid: 65534, name: "nobody" };
  await unpackPostgres(packed, { target, folder: folder.path, user });
  for (const path of [target, join(target, "bin", "postgres")]) {
    assert.equal((await Deno.stat(path)).uid, 65534);
  }
});

Deno.test("unpackPostgres() links what everybody may read, and leaves its owner and its modes alone", async () => {
  await using folder = await temporaryFolder();
  const packed = await makePackage(folder.path, { mode: 0o755 });
  const target = join(folder.path, "postgres");
  const isRoot = Deno.uid() === 0;
  const user = isRoot ? { uid: 65534, gid: 65534, name: "nobody" } : undefined;
  await unpackPostgres(packed, { target, folder: folder.path, user });
  const [from, to] = await Promise.all(
    [packed, target].map((root) => Deno.stat(join(root, "bin", "postgres"))),
  );
  assert.equal(to?.ino, from?.ino);
  assert.equal(to?.uid, Deno.uid());
  assert.equal(
    (await Deno.stat(join(target, "bin"))).uid,
    user?.uid ?? to?.uid,
  );
  assert.ok(await Deno.stat(join(packed, "include", "postgres.h")));
});

Deno.test("unpackPostgres() fails when there is no package, and does not write into an existing folder", async () => {
  await using folder = await temporaryFolder();
  const options = { folder: folder.path, user: undefined };
  const target = join(folder.path, "postgres");
  await assert.rejects(
    unpackPostgres("/nonexistent/native", { ...options, target }),
    /No such file or directory/,
  );
  await assert.rejects(
    unpackPostgres("/nonexistent/native", { ...options, target }),
    Deno.errors.AlreadyExists,
  );
});
