import assert from "node:assert/strict";
import { POSTGRES } from "../../../adapters/postgres_server/kind.ts";
import { join } from "node:path";
import {
  canEnter,
  findServerUser,
  giveTo,
  serverProcess,
} from "../../../adapters/local_server/server_user.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const NOBODY = { uid: 65534, gid: 65534, name: "number 65534" };
const isRoot = Deno.uid() === 0;

Deno.test("findServerUser() is our own user, unless that is root", async () => {
  const user = await findServerUser(POSTGRES);
  if (!isRoot) return assert.equal(user, undefined);
  assert.ok(user !== undefined && user.uid !== 0);
  assert.ok(["_postgres", "postgres", "nobody"].includes(user.name));
});

Deno.test("findServerUser() is the owner of the data folder, unless that is root", async () => {
  await using data = await temporaryFolder();
  if (!isRoot) {
    return assert.equal(await findServerUser(POSTGRES, data.path), undefined);
  }
  assert.deepEqual(
    await findServerUser(POSTGRES, data.path),
    await findServerUser(POSTGRES),
  );
  await giveTo(NOBODY, data.path);
  assert.deepEqual(await findServerUser(POSTGRES, data.path), NOBODY);
});

Deno.test("serverProcess() starts with a small environment and none of our secrets", async () => {
  const environment = {
    PATH: "/some/bin",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    PGPASSWORD: "hunter2",
    LD_LIBRARY_PATH: "/nonexistent",
  };
  const user = isRoot ? NOBODY : undefined;
  const { stdout } = await new Deno.Command("/bin/sh", {
    ...serverProcess(user, environment),
    args: ["-c", "env; echo user=$(id -u); echo groups=$(id -G); pwd"],
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n")
    .filter((line) => !/^(PWD|OLDPWD|SHLVL|_|groups)=/.test(line));
  assert.deepEqual(lines.sort(), [
    "/",
    "LC_ALL=C",
    "LD_LIBRARY_PATH=/nonexistent",
    "PATH=/some/bin:/usr/bin:/bin",
    "TZ=UTC",
    `user=${isRoot ? 65534 : Deno.uid()}`,
  ]);
  if (isRoot) {
    assert.match(new TextDecoder().decode(stdout), /^groups=65534$/m);
  }
});

Deno.test("canEnter() tells whether the user gets to a folder, also with odd names", async () => {
  await using parent = await temporaryFolder();
  const folder = join(parent.path, "-o'dd $name");
  await Deno.mkdir(folder);
  await Deno.chmod(folder, 0o777);
  assert.equal(await canEnter(undefined, folder), true);
  assert.equal(await canEnter(undefined, join(folder, "missing")), false);
  if (!isRoot) return; // who has no other user
  assert.equal(await canEnter(NOBODY, folder), false); // its parent is closed
  await Deno.chmod(parent.path, 0o755);
  assert.equal(await canEnter(NOBODY, folder), true);
});

Deno.test("giveTo() leaves a file alone when the server is our own user", async () => {
  await giveTo(undefined, "/nonexistent");
  if (!isRoot) return;
  await using folder = await temporaryFolder();
  await giveTo(NOBODY, folder.path);
  const { uid, gid } = await Deno.stat(folder.path);
  assert.deepEqual([uid, gid], [65534, 65534]);
});
