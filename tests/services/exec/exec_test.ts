import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import { ProgramError } from "../../../core/ports/program_error.ts";
import { Secret } from "../../../core/secret.ts";
import type { Target } from "../../../core/target/target.ts";
import { outsideOfExec } from "../../../core/engine/exec_mark.ts";
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
import { assertRefusesLater } from "../../rdsiam_error.ts";

const MINUTE = 60_000;
const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";

function prepare() {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  const processes = new FakeProcesses();
  const folder = new FakeFolder();
  const warnings: string[] = [];
  const proxied: Target[] = [];
  const ports = {
    clock,
    tokens: new TokenSource({ signer, clock }),
    processes,
    createFolder: () => Promise.resolve(folder),
    caBundle: () => Promise.resolve("the bundle"),
    existing: (paths: readonly string[]) => Promise.resolve(paths),
    versionOf: () => Promise.reject(new Error("A version was asked for")),
    startProxy(target: Target) {
      proxied.push(target);
      return Promise.resolve({
        host: "127.0.0.1",
        port: 41231,
        password: new Secret("local"),
        [Symbol.asyncDispose]() {
          proxied.pop();
          return Promise.resolve();
        },
      });
    },
    openTunnel: () => Promise.resolve(undefined),
    warn(message: string) {
      warnings.push(message);
    },
  };
  function start(plan: Partial<ExecPlan> = {}) {
    const status = exec({
      command: ["psql", "-c", "SELECT 1"],
      target: fakeTarget(),
      via: "passfile",
      environment: { PATH: "/bin" },
      ...plan,
    }, ports);
    return { status, started: settle() };
  }
  return { clock, signer, processes, folder, warnings, proxied, ports, start };
}

Deno.test("exec() gives the child a passfile and the certificate bundle", async () => {
  const { start, processes, folder, warnings } = prepare();
  const { status, started } = start();
  await started;
  assert.deepEqual(folder.written, [
    ["rds-ca.pem", "the bundle"],
    ["pgpass", `${HOST}:5432:*:app:token-1\n`],
  ]);
  const [child] = processes.spawned;
  const { RDSIAM_EXEC: _, ...environment } = child?.environment ?? {};
  assert.deepEqual(child?.command, ["psql", "-c", "SELECT 1"]);
  assert.deepEqual(environment, {
    PATH: "/bin",
    PGHOST: HOST,
    PGPORT: "5432",
    PGUSER: "app",
    PGDATABASE: "orders",
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "/private/rds-ca.pem",
    PGGSSENCMODE: "disable",
    PGPASSFILE: "/private/pgpass",
    NODE_EXTRA_CA_CERTS: "/private/rds-ca.pem",
  });
  assert.equal(folder.isDisposed, false);
  processes.end({ kind: "code", code: 7 });
  assert.deepEqual(await status, { kind: "code", code: 7 });
  assert.equal(folder.isDisposed, true);
  assert.deepEqual(warnings, []);
});

Deno.test("exec() writes the passfile for what is dialled, too", async () => {
  const { start, processes, folder } = prepare();
  const connect = { host: "127.0.0.1", port: 15432 };
  const { status, started } = start({ target: fakeTarget({ connect }) });
  await started;
  // As sync writes them: by every name that a client may look its password up by.
  assert.deepEqual(folder.content("pgpass")?.split("\n"), [
    `${HOST}:5432:*:app:token-1`,
    `${HOST}:15432:*:app:token-1`,
    "127.0.0.1:15432:*:app:token-1",
    "localhost:15432:*:app:token-1",
    "",
  ]);
  assert.equal(processes.spawned[0]?.environment.PGHOSTADDR, "127.0.0.1");
  processes.end();
  await status;
});

Deno.test("exec() gives the child one token in its environment with via password", async () => {
  const { clock, signer, start, processes, folder } = prepare();
  const { status, started } = start({ via: "password" });
  await started;
  const { environment } = processes.spawned[0] ?? {};
  assert.equal(environment?.PGPASSWORD, "token-1");
  // For a program that passes an empty one.
  assert.equal(environment?.PGPASSFILE, "/private/pgpass");
  assert.deepEqual(folder.written.map(([name]) => name), [
    "rds-ca.pem",
    "pgpass",
  ]);
  await clock.advance(60 * MINUTE);
  assert.equal(signer.calls, 1);
  processes.end();
  await status;
  assert.equal(folder.isDisposed, true);
});

Deno.test("exec() leaves the roots to whoever names some, or wants none", async () => {
  for (const sslrootcert of ["/ca.pem", undefined]) {
    const { ports, start, processes, folder } = prepare();
    ports.caBundle = () => assert.fail("it was read");
    const target = sslrootcert === undefined
      ? fakeTarget({ sslmode: "require" })
      : fakeTarget({ sslrootcert });
    const { status, started } = start({ target });
    await started;
    const { environment } = processes.spawned[0] ?? {};
    assert.equal(environment?.PGSSLROOTCERT, sslrootcert);
    assert.deepEqual(folder.written.map(([name]) => name), ["pgpass"]);
    processes.end();
    await status;
  }
});

Deno.test("exec() takes out what would beat the login, and says so", async () => {
  const { start, processes, warnings } = prepare();
  const { status, started } = start({
    environment: { PGPASSWORD: "hunter2", PGSERVICE: "orders", PGHOST: "x" },
  });
  await started;
  const { environment = {} } = processes.spawned[0] ?? {};
  assert.equal("PGPASSWORD" in environment, false);
  assert.equal("PGSERVICE" in environment, false);
  assert.deepEqual(warnings, [
    "PGSERVICE of the environment is left out: it would stand in the way of the login that is injected",
    "PGPASSWORD of the environment is left out: it would stand in the way of the login that is injected",
  ]);
  processes.end();
  await status;
});

Deno.test("exec() rewrites the passfile ahead of each expiry, and stops with the child", async () => {
  const { clock, signer, start, processes, folder } = prepare();
  const { status, started } = start();
  await started;
  await clock.advance(25 * MINUTE);
  assert.deepEqual(
    folder.written.filter(([name]) => name === "pgpass").map(([, text]) =>
      text
    ),
    [1, 2, 3].map((n) => `${HOST}:5432:*:app:token-${n}\n`),
  );
  processes.end();
  await status;
  assert.equal(clock.sleepers, 0);
  await clock.advance(60 * MINUTE);
  assert.equal(signer.calls, 3);
});

Deno.test("exec() warns once while renewing fails, and again after it has worked", async () => {
  const { clock, signer, start, processes, warnings } = prepare();
  const { status, started } = start();
  await started;
  signer.fail("SSO session has expired");
  await clock.advance(20 * MINUTE);
  const first =
    "The login cannot be renewed, new connections work until 2026-01-15T12:49:56.000Z: SSO session has expired";
  assert.deepEqual(warnings, [first]);
  signer.recover();
  await clock.advance(MINUTE);
  signer.fail("Offline");
  await clock.advance(15 * MINUTE);
  assert.equal(warnings.length, 2);
  assert.match(warnings[1] ?? "", /: Offline$/);
  processes.end();
  assert.deepEqual(await status, { kind: "code", code: 0 });
});

Deno.test("exec() names the end of the token in the passfile when it cannot be rewritten", async () => {
  const { clock, start, processes, folder, warnings } = prepare();
  const { status, started } = start();
  await started;
  folder.error = new RdsiamError("failed", "Disk full");
  await clock.advance(11 * MINUTE);
  assert.deepEqual(warnings, [
    "The login cannot be renewed, new connections work until 2026-01-15T12:49:56.000Z: Disk full",
  ]);
  folder.error = undefined;
  await clock.advance(MINUTE);
  assert.notEqual(
    folder.content("pgpass"),
    `${HOST}:5432:*:app:token-1\n`,
  );
  processes.end();
  await status;
});

Deno.test("exec() ends with the child although a renewal hangs", async () => {
  const { clock, signer, start, processes, folder } = prepare();
  const { status, started } = start();
  await started;
  signer.hang();
  await clock.advance(11 * MINUTE);
  processes.end({ kind: "signal", signal: "SIGTERM", number: 15 });
  assert.deepEqual(await status, {
    kind: "signal",
    signal: "SIGTERM",
    number: 15,
  });
  assert.equal(folder.isDisposed, true);
});

Deno.test("exec() leaves nothing behind when the program cannot be started", async () => {
  const { start, processes, folder, clock } = prepare();
  processes.error = new ProgramError(127, 'Program "psql" is not found');
  await assertRefusesLater(start().status, {
    kind: "failed",
    message: 'Program "psql" is not found',
  });
  assert.equal(folder.isDisposed, true);
  assert.equal(clock.sleepers, 0);
});

Deno.test("exec() leaves nothing behind when a file cannot be written", async () => {
  const { start, processes, folder } = prepare();
  folder.error = new RdsiamError("failed", "Disk full");
  await assertRefusesLater(start().status, {
    kind: "failed",
    message: "Disk full",
  });
  assert.equal(folder.isDisposed, true);
  assert.deepEqual(processes.spawned, []);
});

Deno.test("exec() makes no folder and starts nothing without a token", async () => {
  const { signer, ports, start, processes } = prepare();
  ports.createFolder = () => assert.fail("it was made");
  signer.fail();
  await assertRefusesLater(start().status, {
    kind: "credentials",
    message: "No AWS credentials were found",
  });
  assert.deepEqual(processes.spawned, []);
});

// security: exec-proxy-password
Deno.test("exec() by proxy gives the child a local endpoint that lives as long as it", async () => {
  const { start, processes, folder, warnings, proxied } = prepare();
  const { status, started } = start({
    via: "proxy",
    environment: {
      PATH: "/bin",
      PGHOSTADDR: "10.0.0.1",
      PGSSLROOTCERT: "/ca.pem",
      PGSERVICE: "mine",
    },
  });
  await started;
  assert.deepEqual(proxied, [fakeTarget()]);
  const { RDSIAM_EXEC: _, ...environment } =
    processes.spawned[0]?.environment ?? {};
  assert.deepEqual(environment, {
    PATH: "/bin",
    PGHOST: "127.0.0.1",
    PGPORT: "41231",
    PGUSER: "app",
    PGDATABASE: "orders",
    PGPASSWORD: "local",
    PGPASSFILE: "/private/pgpass",
    PGSSLMODE: "disable",
    PGGSSENCMODE: "disable",
  });
  assert.deepEqual(warnings, [
    "PGSERVICE of the environment is left out: it would stand in the way of the login that is injected",
  ]);
  assert.deepEqual(folder.written, [
    ["pgpass", "127.0.0.1:41231:*:app:local\n"],
  ]);
  processes.end({ kind: "code", code: 3 });
  assert.deepEqual(await status, { kind: "code", code: 3 });
  assert.deepEqual(proxied, []);
});

Deno.test("exec() lets an rdsiam within its program see the environment as it was outside", async () => {
  const outside = {
    PATH: "/bin",
    PGHOSTADDR: "10.0.0.1",
    PGSERVICE: "mine",
    PGPASSFILE: "/home/me/pgpass",
  };
  for (const via of ["passfile", "password", "proxy"] as const) {
    const { start, processes } = prepare();
    const { status, started } = start({ via, environment: outside });
    await started;
    const { environment = {} } = processes.spawned[0] ?? {};
    assert.deepEqual(outsideOfExec(environment), outside);
    processes.end({ kind: "code", code: 0 });
    await status;
  }
});

Deno.test("exec() by proxy starts nothing when no token can be signed", async () => {
  const { start, signer, processes, proxied } = prepare();
  signer.fail();
  await assertRefusesLater(start({ via: "proxy" }).status, {
    kind: "credentials",
    message: "No AWS credentials were found",
  });
  assert.deepEqual([...processes.spawned, ...proxied], []);
});

Deno.test("exec() says that what its program has started runs on, and with --wait keeps its login", async () => {
  const { start, processes, folder, warnings } = prepare();
  folder.uses = 1;
  const { status, started } = start();
  await started;
  processes.end();
  await status;
  assert.deepEqual(warnings, [
    "What psql has started runs on, and its login is not renewed any more: --wait keeps it",
  ]);

  const waiting = prepare();
  waiting.folder.uses = 30 * 60;
  const run = waiting.start({ stay: { forMs: 0, whileInUse: true } });
  await run.started;
  waiting.processes.end({ kind: "code", code: 3 });
  await waiting.clock.advance(29 * MINUTE);
  assert.equal(waiting.folder.isDisposed, false);
  assert.ok(waiting.signer.calls > 1);
  await waiting.clock.advance(2 * MINUTE);
  assert.deepEqual(await run.status, { kind: "code", code: 3 });
  assert.equal(waiting.folder.isDisposed, true);
});

Deno.test("exec() keeps the login for the time that is asked for", async () => {
  const { clock, start, processes, folder } = prepare();
  const { status, started } = start({
    stay: { forMs: 60 * MINUTE, whileInUse: false },
  });
  await started;
  processes.end();
  await clock.advance(59 * MINUTE);
  assert.equal(folder.isDisposed, false);
  await clock.advance(2 * MINUTE);
  await status;
  assert.equal(folder.isDisposed, true);
});
