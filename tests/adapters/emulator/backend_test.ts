import assert from "node:assert/strict";
import { createEmulatorBackend } from "../../../adapters/emulator/backend.ts";
import {
  type PostgresServer,
  startPostgresServer,
} from "../../../adapters/postgres_server/server.ts";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { Connection } from "../../../services/connection/connection.ts";
import { bytes } from "../net/net_fixture.ts";
import { connect, SUPERUSER } from "../postgres_server/fixture.ts";

const OPTIONS = {
  superuser: SUPERUSER,
  bootstrap: [],
  iamMembershipQuery: "select $1::text like 'iam%' as is_iam",
};

let server: PostgresServer;
Deno.test.beforeAll(async () => {
  server = await startPostgresServer({ superuser: SUPERUSER });
});
Deno.test.afterAll(() => server.stop());

Deno.test("createEmulatorBackend() runs its statements once, in order", async () => {
  await using backend = await createEmulatorBackend(server, {
    ...OPTIONS,
    bootstrap: ["create table once (n int)", "insert into once values (1)"],
  });
  assert.equal(backend.major, server.major);
  await using sql = connect(server);
  assert.deepEqual([...await sql`select n from once`], [{ n: 1 }]);
});

Deno.test("createEmulatorBackend() asks who logs in with a token, whatever the name", async () => {
  await using backend = await createEmulatorBackend(server, OPTIONS);
  assert.equal(await backend.isIamRole("iam-app"), true);
  assert.equal(await backend.isIamRole("app"), false);
  assert.equal(await backend.isIamRole("'; drop table once; --"), false);
});

Deno.test("createEmulatorBackend() takes no row for no", async () => {
  await using backend = await createEmulatorBackend(server, {
    ...OPTIONS,
    iamMembershipQuery: "select true as is_iam where $1::text = 'nobody'",
  });
  assert.equal(await backend.isIamRole("app"), false);
});

Deno.test("createEmulatorBackend() has a socket that trusts, and one that asks for a password", async () => {
  await using backend = await createEmulatorBackend(server, OPTIONS);
  const trusted = await backend.connectTrusted();
  assert.equal(await askToLogIn(trusted), "AuthenticationOk");
  trusted.close();
  const asking = await backend.connectByPassword();
  assert.notEqual(await askToLogIn(asking), "AuthenticationOk");
  asking.close();
});

Deno.test("createEmulatorBackend() fails when a statement does, and leaves no session", async () => {
  await using sql = connect(server);
  await assert.rejects(
    createEmulatorBackend(server, {
      ...OPTIONS,
      bootstrap: ["set application_name = 'left-behind'", "no statement"],
    }),
    { code: "42601" },
  );
  // The server ends a session a moment after its client: this waits for it, not for a time.
  let sessions: number | undefined;
  do {
    const [row] =
      await sql`select count(*)::int from pg_stat_activity where application_name = 'left-behind'`;
    sessions = row?.count;
  } while (sessions !== 0);
});

/** Sends a start-up packet, and says what comes back first. */
async function askToLogIn(stream: ByteStream): Promise<string> {
  const text = `\0\x03\0\0user\0${SUPERUSER}\0database\0postgres\0\0`;
  const packet = bytes(`\0\0\0\0${text}`);
  packet[3] = packet.length;
  const server = new Connection({ stream });
  await server.write(packet);
  const answer = await server.read();
  assert.ok(answer !== undefined && answer[0] === "R".charCodeAt(0));
  return answer[8] === 0 ? "AuthenticationOk" : `authentication ${answer[8]}`;
}
