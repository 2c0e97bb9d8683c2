import assert from "node:assert/strict";
import { decodeErrorFields } from "../../../core/pgwire/error_response.ts";
import { PacketBuffer } from "../../../core/pgwire/packet_buffer.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { packet, SSL_REQUEST, startup } from "../../testdata/packets.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { type ProxyProcess, startProxy, toApp } from "./proxy.ts";
import { run } from "../rdsiam.ts";

const STARTUP = startup({ user: "app", database: "postgres" });

/** How many clients come at once, and in all. */
const AT_ONCE = 500;
const CLIENTS = 5_000;

let emulator: Emulator;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query("create role app login", "grant rds_iam to app");
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

/** Connects, says this, and hears the first message of the answer. */
async function ask(port: number, first: Uint8Array) {
  const conn = await Deno.connect({ port });
  try {
    await conn.write(first);
    const buffer = new PacketBuffer();
    for (const chunk = new Uint8Array(4096);;) {
      const count = await conn.read(chunk);
      if (count === null) return undefined;
      buffer.push(chunk.subarray(0, count));
      const message = buffer.takeMessage();
      if (message !== undefined) return message;
    }
  } finally {
    conn.close();
  }
}

/** How many sockets a process has open. */
async function socketsOf({ pid }: ProxyProcess): Promise<number> {
  const { stdout } = await run(["ls", "-l", `/proc/${pid}/fd`]);
  return stdout.match(/socket:/g)?.length ?? 0;
}

/** Waits until a process has no more than so many sockets open. */
async function untilSockets(proxy: ProxyProcess, most: number) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await socketsOf(proxy) <= most) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${await socketsOf(proxy)} sockets are open, not ${most}`);
}

Deno.test("proxy refuses 5,000 connections politely at its limit, and no socket stays behind", async (t) => {
  if (await isMissing(t, "psql") || Deno.build.os !== "linux") return;
  await using proxy = await startProxy([
    ...toApp(emulator),
    ...["--local-auth", "none", "--max-connections", "1"],
  ]);
  const idle = await socketsOf(proxy);
  const session = await Deno.connect({ port: proxy.port });
  await session.write(STARTUP);
  await proxy.until(({ event }) => event === "login");
  for (let done = 0; done < CLIENTS; done += AT_ONCE) {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => ask(proxy.port, STARTUP)),
    );
    for (const answer of answers) {
      assert.equal(answer?.type, "E");
      assert.equal(decodeErrorFields(answer.body).code, "53300");
    }
  }
  session.close();
  await untilSockets(proxy, idle);
  assert.equal((await proxy.psql("select 1")).stdout, "1\n");
});

Deno.test("proxy survives clients that vanish, dawdle or talk nonsense, and no socket stays behind", async (t) => {
  if (await isMissing(t, "psql") || Deno.build.os !== "linux") return;
  await using proxy = await startProxy(toApp(emulator));
  const idle = await socketsOf(proxy);
  const first = [
    new Uint8Array(),
    ...[SSL_REQUEST, SSL_REQUEST.subarray(0, 5), STARTUP],
    ...[STARTUP.subarray(0, 20), packet(80877102, new Uint8Array(8))],
    ...[new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"), packet(0x20000)],
    new Uint8Array(100_000).fill(255),
  ];
  for (let round = 0; round < 20; round++) {
    await Promise.all(first.map(async (bytes) => {
      const conn = await Deno.connect({ port: proxy.port });
      try {
        await conn.write(bytes);
        if (round % 2 === 0) await conn.closeWrite();
      } catch {
        // It has been sent away already.
      }
      conn.close();
    }));
  }
  await untilSockets(proxy, idle);
  assert.equal((await proxy.psql("select 1")).stdout, "1\n");
  assert.doesNotMatch(proxy.log(), /Unexpected|Uncaught|at file:/);
});

Deno.test("psql hears why, and goes on, when its session in the database is ended", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy(toApp(emulator));
  const { code, stderr } = await proxy.psql(
    "select pg_terminate_backend(pg_backend_pid())",
  );
  assert.equal(code, 2);
  assert.match(
    stderr,
    /terminating connection due to administrator command/,
  );
  const end = await proxy.until(({ event }) => event === "end");
  assert.equal(end.endedBy, "upstream");
});

Deno.test("proxy says at once that the database is gone, and goes on when it is back", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  const port = freePort();
  const listen = ["--listen", `127.0.0.1:${port}`, "--tls-dir", folder.path];
  const first = await startEmulator(...listen);
  await first.query("create role app login", "grant rds_iam to app");
  await using proxy = await startProxy(toApp(first));
  assert.equal((await proxy.psql("select 1")).stdout, "1\n");
  await first[Symbol.asyncDispose]();
  const { stderr } = await proxy.psql("select 1");
  assert.match(stderr, /FATAL: {2}Database at .* cannot be reached/);
  const { reason } = await proxy.until(({ event }) => event === "refusal");
  assert.equal(reason, "unreachable");
  await using second = await startEmulator(...listen);
  await second.query("create role app login", "grant rds_iam to app");
  proxy.kill("SIGHUP"); // its CA is another one
  await proxy.untilLog(/reloaded; targets: 1/);
  assert.equal((await proxy.psql("select 1")).stdout, "1\n");
});

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
