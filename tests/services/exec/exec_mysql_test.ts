import assert from "node:assert/strict";
import { createPrivateFolder } from "../../../adapters/files/private_folder.ts";
import { systemProcesses } from "../../../adapters/process/process.ts";
import { exec, type ExecPlan } from "../../../services/exec/exec.ts";
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
    tokens: new TokenSource({ signer, clock }),
    processes,
    createFolder: () => Promise.resolve(folder),
    caBundle: () => Promise.resolve("the bundle"),
    startProxy: () => Promise.reject(new Error("A proxy was started")),
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
    hint: "Pass --via password: it gets the token in MYSQL_PWD",
  });
  assert.equal(signer.calls, 0);
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
