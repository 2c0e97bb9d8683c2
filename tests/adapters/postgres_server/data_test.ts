import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { connect, namesIn, serverPid, usage, usePostgres } from "./fixture.ts";

const { makeFolder, start } = usePostgres();

Deno.test("startPostgresServer() keeps the data of a folder, and starts over in one that was left half-made", async () => {
  const data = await makeFolder("kept");
  await Deno.mkdir(join(data, ".rdsiam-initdb"));
  await Deno.writeTextFile(join(data, ".rdsiam-initdb", "PG_VERSION"), "18\n");
  const options = { data: relative(Deno.cwd(), data) };
  {
    await using server = await start(options);
    await using sql = connect(server);
    await sql`create table kept as select 42 as answer`;
    assert.equal((await sql`show fsync`)[0]?.fsync, "on");
    await assert.rejects(
      start({ data }),
      usage(`Data folder "${data}" cannot be used: another server runs on it`),
    );
  }
  await using server = await start(options);
  await using sql = connect(server);
  assert.equal((await sql`select answer from kept`)[0]?.answer, 42);
  const names = (await namesIn(data)).filter((name) => name.startsWith("."));
  assert.deepEqual(names, []);
});

Deno.test("startPostgresServer() refuses a data folder that a server of somebody else runs on", async () => {
  const data = await makeFolder("in-use");
  await (await start({ data })).stop();
  await using other = await start({});
  // What it finds in the folder of a running server: the number of a live process.
  const file = join(data, "postmaster.pid");
  await Deno.writeTextFile(file, `${await serverPid(other)}\n${data}\n`);
  const { uid, gid } = await Deno.stat(data);
  await Deno.chown(file, uid, gid);
  await assert.rejects(
    start({ data }),
    usage(`Data folder "${data}" cannot be used: another server runs on it`),
  );
});

Deno.test("startPostgresServer() refuses a folder that holds something else, and leaves it alone", async () => {
  const data = await makeFolder("something-else");
  await Deno.writeTextFile(join(data, "holiday.txt"), "photos");
  await assert.rejects(
    start({ data }),
    usage(
      `Data folder "${data}" cannot be used: it is neither empty nor a PostgreSQL data folder`,
    ),
  );
  assert.deepEqual(await namesIn(data), ["holiday.txt"]);
});

Deno.test("startPostgresServer() refuses a file as its data folder", async () => {
  const data = join(await makeFolder("parent"), "file");
  await Deno.writeTextFile(data, "");
  await assert.rejects(
    start({ data }),
    /^RdsiamError: Data folder ".*file" cannot be used: /,
  );
});

Deno.test("startPostgresServer() refuses an incomplete data folder", async () => {
  const data = await makeFolder("incomplete");
  await Deno.writeTextFile(join(data, "PG_VERSION"), "18\n");
  await assert.rejects(
    start({ data }),
    usage(
      `Data folder "${data}" cannot be used: it is an incomplete PostgreSQL data folder`,
    ),
  );
});

Deno.test("startPostgresServer() refuses a data folder of another major version", async () => {
  const data = await makeFolder("old");
  await Deno.mkdir(join(data, "global"));
  await Deno.writeTextFile(join(data, "global", "pg_control"), "");
  await Deno.writeTextFile(join(data, "PG_VERSION"), "15\n");
  await assert.rejects(start({ data }), {
    ...usage(
      `Data folder "${data}" cannot be used: it is of PostgreSQL 15, and the server is PostgreSQL 18`,
    ),
    hint: "Name a folder of PostgreSQL 15 with --postgres DIR",
  });
});

Deno.test({
  name:
    "startPostgresServer() refuses a data folder that its user cannot reach, as root",
  ignore: Deno.uid() !== 0,
  async fn() {
    const closed = await makeFolder("closed");
    await Deno.chmod(closed, 0o700);
    const data = join(closed, "data");
    await assert.rejects(start({ data }), {
      kind: "usage",
      message:
        /^Data folder ".*" cannot be used: the user that the server runs as \(\w+\) cannot reach it$/,
    });
    assert.deepEqual(await namesIn(closed), []);
  },
});

Deno.test("startPostgresServer() removes a data folder that it made and could not fill", async () => {
  const data = join(await makeFolder("parent-of-new"), "new");
  await assert.rejects(
    start({ data, superuser: "pg_reserved" }),
    /superuser name "pg_reserved" is disallowed/,
  );
  await assert.rejects(Deno.stat(data), Deno.errors.NotFound);
});
