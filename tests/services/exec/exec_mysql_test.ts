import assert from "node:assert/strict";
import { createPrivateFolder } from "../../../adapters/files/private_folder.ts";
import { systemProcesses } from "../../../adapters/process/process.ts";
import {
  exec,
  type ExecPlan,
  type LocalEndpoint,
} from "../../../services/exec/exec.ts";
import { TokenSource } from "../../../services/token/token_source.ts";
import {
  FakeClock,
  FakeFolder,
  FakeProcesses,
  FakeSigner,
  fakeTarget,
  settle,
} from "../../fakes.ts";
import { startMysqlServer } from "../../plugins/readers/mysql_server.ts";
import { Secret } from "../../../core/secret.ts";
import { isMissing } from "../../programs.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const MINUTE = 60_000;
const PLAN: ExecPlan = {
  command: ["mysql", "-e", "DO 1"],
  target: fakeTarget({ engine: "mysql", port: 3306 }),
  via: "passfile",
  environment: {},
};

function prepare() {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  const processes = new FakeProcesses();
  const folder = new FakeFolder();
  const ports = {
    clock,
    tokens: new TokenSource({ signer, clock }),
    processes,
    createFolder: () => Promise.resolve(folder),
    caBundle: () => Promise.resolve("the bundle"),
    existing: (paths: readonly string[]) => Promise.resolve(paths),
    versionOf: () => Promise.resolve("mysql  Ver 9.7.4 for Linux"),
    startProxy: (): Promise<LocalEndpoint> =>
      Promise.reject(new Error("A proxy was started")),
    openTunnel: () => Promise.resolve(undefined),
    warn(message: string) {
      assert.fail(message);
    },
  };
  return { clock, signer, processes, folder, ports };
}

Deno.test("exec() hands a MySQL client an option file, and keeps it fresh", async () => {
  const { clock, processes, folder, ports } = prepare();
  const ended = exec(PLAN, ports);
  await settle();
  const [spawned] = processes.spawned;
  assert.deepEqual(spawned?.command, [
    "mysql",
    "--defaults-file=/private/my.cnf",
    "-e",
    "DO 1",
  ]);
  assert.equal(spawned?.environment.MYSQL_PWD, undefined);
  assert.match(folder.content("my.cnf") ?? "", /^password="token-1"$/m);
  assert.match(
    folder.content("my.cnf") ?? "",
    /^ssl-ca="\/private\/rds-ca.pem"$/m,
  );
  await clock.advance(14 * MINUTE);
  assert.match(folder.content("my.cnf") ?? "", /^password="token-2"$/m);
  processes.end();
  await ended;
});

Deno.test("exec() signs nothing for a program that cannot be given an option file", async () => {
  const { signer, ports } = prepare();
  await assertRefusesLater(exec({ ...PLAN, command: ["php"] }, ports), {
    message: '"php" is not known to read an option file of MySQL',
    hint: "Pass --via proxy: it gets a local endpoint in MYSQL_HOST",
  });
  assert.equal(signer.calls, 0);
});

/** A proxy of this machine that is not there. */
const ENDPOINT: LocalEndpoint = {
  host: "127.0.0.1",
  port: 40123,
  password: new Secret("local"),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

Deno.test("exec() gives a MySQL program that reads no option file a local endpoint", async () => {
  const { processes, ports } = prepare();
  const startProxy = () => Promise.resolve(ENDPOINT);
  const plan = { ...PLAN, command: ["php", "a.php"] as const, via: undefined };
  const ended = exec(plan, { ...ports, startProxy });
  await settle();
  const [spawned] = processes.spawned;
  assert.deepEqual(spawned?.command, ["php", "a.php"]);
  const { MYSQL_HOST, MYSQL_TCP_PORT, MYSQL_PWD } = spawned?.environment ?? {};
  assert.deepEqual([MYSQL_HOST, MYSQL_TCP_PORT, MYSQL_PWD], [
    "127.0.0.1",
    "40123",
    "local",
  ]);
  processes.end();
  await ended;
});

Deno.test("exec() gives a client of MySQL that could not verify what it dials a local endpoint", async () => {
  for (
    const version of ["mysql  Ver 9.7.4 for Linux", "mysql from 11.8.9-MariaDB"]
  ) {
    const { processes, folder, ports } = prepare();
    const target = fakeTarget({
      ...{ engine: "mysql", port: 3306 },
      connect: { host: "127.0.0.1", port: 3307 },
    });
    const ended = exec({ ...PLAN, target, via: undefined }, {
      ...ports,
      startProxy: () => Promise.resolve(ENDPOINT),
      versionOf: () => Promise.resolve(version),
    });
    await settle();
    assert.equal(
      processes.spawned[0]?.command[1],
      "--defaults-file=/private/my.cnf",
    );
    const lines = folder.content("my.cnf")?.split("\n") ?? [];
    const isMariadb = version.includes("MariaDB");
    assert.deepEqual(lines.slice(2), [
      ...["[client]", 'host="127.0.0.1"', "port=40123", "protocol=TCP"],
      ...['user="app"', 'password="local"'],
      ...(isMariadb
        ? ["[client-mariadb]", "skip-ssl-verify-server-cert"]
        : ["ssl-mode=PREFERRED"]),
      ...["[mysql]", 'database="orders"', ""],
    ]);
    processes.end();
    await ended;
  }
});

for (const via of ["passfile", "password"] as const) {
  for (const hasTls of [true, false]) {
    Deno.test(
      `exec() via ${via} ${
        hasTls
          ? "logs mariadb in over verified TLS"
          : "keeps mariadb from sending a token to a server without TLS"
      }`,
      async (t) => {
        if (await isMissing(t, "mariadb")) return;
        await using server = await startMysqlServer({ hasTls });
        const { ports } = prepare();
        const status = await exec({
          command: ["mariadb", "--silent", "-e", "DO 1"],
          target: fakeTarget({
            engine: "mariadb",
            host: "localhost",
            port: server.port,
          }),
          via,
          environment: { PATH: Deno.env.get("PATH") ?? "" },
        }, {
          ...ports,
          processes: systemProcesses,
          createFolder: () => createPrivateFolder(Deno.env.toObject()),
          caBundle: () => Promise.resolve(server.ca),
        });
        assert.deepEqual(status, { kind: "code", code: hasTls ? 0 : 1 });
        assert.deepEqual(server.passwords, hasTls ? ["token-1"] : []);
        assert.equal(server.plain.join().includes("token-1"), false);
      },
    );
  }
}
