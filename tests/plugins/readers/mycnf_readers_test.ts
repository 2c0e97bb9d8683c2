import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import type { WriterEntry } from "../../../core/writer/writer.ts";
import mycnf from "../../../plugins/mycnf.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, run } from "../../programs.ts";
import { fakeMysqlEntry, TOKEN } from "../entries.ts";
import { type MysqlServer, startMysqlServer } from "./mysql_server.ts";

/** Runs a client with the file that the writer makes of these entries for a server. */
async function client(
  server: MysqlServer,
  changes: readonly Partial<WriterEntry>[],
  [program, ...args]: readonly [string, ...string[]],
  options: { flavor?: string } = {},
) {
  await using folder = await temporaryFolder();
  const sslrootcert = `${folder.path}/ca.pem`;
  const file = `${folder.path}/my.cnf`;
  await Deno.writeTextFile(sslrootcert, server.ca);
  const { port } = server;
  const entries = changes.map((change) =>
    fakeMysqlEntry({ host: "localhost", port, sslrootcert, ...change })
  );
  const { newText } = mycnf(options).render(entries, "[mysql]\nbatch\n");
  await Deno.writeTextFile(file, newText);
  return await run("timeout", [
    "20",
    program,
    `--defaults-file=${file}`,
    ...args,
  ]);
}

Deno.test("mycnf logs mariadb and mariadb-admin in over verified TLS", async (t) => {
  if (await isMissing(t, "mariadb")) return;
  await using server = await startMysqlServer();
  const odd = { username: `o"b\\r'#q` };
  const ran = await client(server, [odd], ["mariadb", "-e", "DO 1"]);
  assert.equal(ran.code, 0, ran.output);
  const ping = await client(server, [{}], ["mariadb-admin", "ping"]);
  assert.equal(ping.code, 0, ping.output);
  assert.deepEqual(server.passwords, [TOKEN, TOKEN]);
});

Deno.test("mycnf with flavor mariadb gives MariaDB's programs no warning", async (t) => {
  if (await isMissing(t, "mariadb")) return;
  await using server = await startMysqlServer();
  const ran = await client(server, [{}], ["mariadb", "-e", "DO 1"], {
    flavor: "mariadb",
  });
  assert.deepEqual(ran, { code: 0, output: "" });
});

Deno.test("mycnf lets a program choose among several targets", async (t) => {
  if (await isMissing(t, "mariadb")) return;
  await using server = await startMysqlServer();
  const password = new Secret("t2");
  const ran = await client(server, [{}, { name: "app@h:3306/", password }], [
    "mariadb",
    "--defaults-group-suffix=_app@h:3306/",
    "-e",
    "DO 1",
  ]);
  assert.equal(ran.code, 0, ran.output);
  assert.deepEqual(server.passwords, ["t2"]);
});

Deno.test("mycnf carries the longest token that it takes", async (t) => {
  if (await isMissing(t, "mariadb")) return;
  await using server = await startMysqlServer();
  const password = new Secret("x".repeat(4083));
  const ran = await client(server, [{ password }], ["mariadb", "-e", "DO 1"]);
  assert.equal(ran.code, 0, ran.output);
  assert.deepEqual(server.passwords, [password.reveal()]);
});

for (const sslmode of ["verify-full", "require"] as const) {
  Deno.test(`mycnf with sslmode ${sslmode} keeps mariadb from sending a token to a server without TLS`, async (t) => {
    if (await isMissing(t, "mariadb")) return;
    await using server = await startMysqlServer({ hasTls: false });
    const ran = await client(server, [{ sslmode }], [
      "mariadb",
      "-e",
      "DO 1",
    ]);
    assert.match(ran.output, /SSL/);
    assert.notEqual(ran.code, 0);
    assert.equal(server.plain.join().includes(TOKEN), false);
  });
}

Deno.test("mycnf keeps mariadb from sending a token to a server with another name", async (t) => {
  if (await isMissing(t, "mariadb")) return;
  await using server = await startMysqlServer();
  const ran = await client(server, [{ host: "127.0.0.1" }], [
    "mariadb",
    "-e",
    "DO 1",
  ]);
  assert.match(ran.output, /SSL|certificate/);
  assert.notEqual(ran.code, 0);
  assert.deepEqual(server.passwords, []);
});
