import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import type { PostgresServer } from "../../../adapters/postgres_server/server.ts";
import { RdsiamError } from "../../../core/errors.ts";
import {
  isRunning,
  namesIn,
  serverPid,
  SUPERUSER,
  usePostgres,
} from "./fixture.ts";

const { inTemporaryFolder, makeFolder, start } = usePostgres();

Deno.test("startPostgresServer() tells why a server did not start, and leaves nothing behind", async () => {
  const data = await makeFolder("broken");
  await (await start({ data })).stop();
  await Deno.writeTextFile(
    join(data, "postgresql.auto.conf"),
    "shared_preload_libraries = 'no_such_library'\n",
  );
  await inTemporaryFolder("broken-tmp", async (temporary) => {
    await assert.rejects(start({ data, temporary }), (error) => {
      assert.ok(error instanceof RdsiamError);
      assert.equal(error.kind, "failed");
      assert.match(
        error.message,
        /^PostgreSQL cannot be started: postgres ended with code 1 and these lines\n .*FATAL: .*"no_such_library"/,
      );
      return true;
    });
    assert.deepEqual(await namesIn(temporary), []);
  });
});

Deno.test("startPostgresServer() takes another port when somebody was faster", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let picks = 0;
  await using server = await start({
    pickPort() {
      picks++;
      if (picks < 3) return taken.addr.port;
      using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      return free.addr.port;
    },
  });
  assert.equal(picks, 3);
  assert.notEqual(server.port, taken.addr.port);
});

Deno.test("startPostgresServer() refuses a temporary folder whose path is too long for a socket", async () => {
  const name = "a".repeat(100);
  await inTemporaryFolder(name, async (temporary) => {
    await assert.rejects(start({ temporary }), {
      kind: "failed",
      message:
        /^PostgreSQL cannot be started: the path of its socket in ".*" is longer than \d+ bytes$/,
    });
    assert.deepEqual(await namesIn(temporary), []);
  });
});

Deno.test("startPostgresServer() stops when its signal aborts", async () => {
  await inTemporaryFolder("aborted", async (temporary) => {
    const reason = new Error("enough");
    await assert.rejects(
      start({ temporary, signal: AbortSignal.abort(reason) }),
      reason,
    );

    const starting = new AbortController();
    using watcher = Deno.watchFs(temporary);
    const rejected = assert.rejects(
      start({ temporary, signal: starting.signal }),
      reason,
    );
    await until(watcher, () => exists(temporary, "data", "PG_VERSION"));
    starting.abort(reason);
    await rejected;
    assert.deepEqual(await namesIn(temporary), []);

    const running = new AbortController();
    const server = await start({ temporary, signal: running.signal });
    running.abort(reason);
    await server.exited;
    assert.deepEqual(await namesIn(temporary), []);
    await server.stop();
  });
});

Deno.test("PostgresServer.stop() ends sessions and the server, as often as it is called", async () => {
  await inTemporaryFolder("stopped", async (temporary) => {
    const server = await start({ temporary });
    const pid = await serverPid(server);
    using session = await openSession(server);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    const farewell = await new Response(session.readable).text();
    assert.match(farewell, /57P01/);
    assert.equal(isRunning(pid), false);
    assert.deepEqual(await namesIn(temporary), []);
  });
});

Deno.test("PostgresServer.exited resolves when the server ends by itself", async () => {
  await inTemporaryFolder("died", async (temporary) => {
    const server = await start({ temporary });
    process.kill(await serverPid(server), "SIGQUIT");
    await server.exited;
    assert.deepEqual(await namesIn(temporary), []);
    await server.stop();
  });
});

Deno.test("startPostgresServer() leaves no server when its program is killed; Ctrl-C ends nothing", async () => {
  await inTemporaryFolder("killed", async (temporary) => {
    using watcher = Deno.watchFs(temporary);
    const program = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-check", programFile()],
      env: { TMPDIR: temporary },
      stdin: "null",
      stdout: "piped",
      // A group of its own, as a shell with a terminal would give it.
      detached: true,
    }).spawn();
    const output = program.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const pid = Number((await output.read()).value);
    assert.equal(isRunning(pid), true);

    process.kill(-program.pid, "SIGINT");
    assert.equal((await output.read()).value, "still here\n");

    program.kill("SIGKILL");
    await program.status;
    await until(watcher, async () => (await namesIn(temporary)).length === 0);
    assert.equal(isRunning(pid), false);
    await output.cancel();
  });
});

/** Logs in over the socket by hand, and waits for the first words of the server. */
async function openSession(
  { socketFolder, port }: PostgresServer,
): Promise<Deno.Conn> {
  const path = join(socketFolder, `.s.PGSQL.${port}`);
  const session = await Deno.connect({ transport: "unix", path });
  const text = `\0\x03\0\0user\0${SUPERUSER}\0database\0postgres\0\0`;
  const message = new TextEncoder().encode(`\0\0\0\0${text}`);
  message[3] = message.length;
  await session.write(message);
  await session.read(new Uint8Array(4096));
  return session;
}

/** Whether the one folder in a temporary folder has a certain file. */
async function exists(temporary: string, ...path: string[]): Promise<boolean> {
  try {
    const [name = ""] = await namesIn(temporary);
    await Deno.stat(join(temporary, name, ...path));
    return true;
  } catch {
    return false;
  }
}

/** Waits until something is so, looking again whenever a file changes. */
async function until(
  watcher: Deno.FsWatcher,
  isSo: () => Promise<boolean>,
): Promise<void> {
  if (await isSo()) return;
  for await (const _ of watcher) {
    if (await isSo()) return;
  }
}

/** A program that starts a server, prints its number, and goes on when it is interrupted. */
function programFile(): string {
  return new URL("../../testdata/postgres_program.ts", import.meta.url)
    .pathname;
}
