import assert from "node:assert/strict";
import { authenticationCleartextPassword } from "../../../core/pgwire/authentication.ts";
import { fatalError } from "../../../core/pgwire/error_response.ts";
import type { Backend } from "../../../core/emulator/backend.ts";
import { Connection } from "../../../services/connection/connection.ts";
import {
  serveClient,
  type TokenVerdict,
} from "../../../services/emulator/serve_client.ts";
import {
  FakeClock,
  fakeConnection,
  MemoryStream,
  settle,
} from "../../fakes.ts";
import {
  bytesOf,
  CANCEL_REQUEST,
  concat,
  message,
  packet,
  passwordMessage,
  SSL_REQUEST,
  startup,
  uint32,
} from "../../testdata/packets.ts";

const GOOD_TOKEN = "good-token";
const STARTUP = startup({ user: "app", database: "orders" });
const REPLICATION = startup({ user: "app", replication: "database" });
const PEER = "203.0.113.9";

/** A client's connection to an emulator where `app` is an IAM role; the server behind it has two sockets. */
function connect(options?: Parameters<typeof fakeConnection>[0]) {
  const connection = fakeConnection(options);
  const clock = new FakeClock();
  const log: string[] = [];
  const dialled: string[] = [];
  const [server, serverSide] = MemoryStream.pair();
  function dial(socket: string) {
    dialled.push(socket);
    return Promise.resolve(serverSide.stream);
  }
  const backend: Backend = {
    major: 17,
    isIamRole: (username) => Promise.resolve(username === "app"),
    connectTrusted: () => dial("trusted"),
    connectByPassword: () => dial("password"),
  };
  function judge(username: string, token: string): Promise<TokenVerdict> {
    return Promise.resolve(
      username === "app" && token === GOOD_TOKEN
        ? { ok: true, reason: "token of AKIA, 1 s old" }
        : { ok: false, reason: "InvalidToken: the password is not a token" },
    );
  }
  const done = serveClient(new Connection(connection.accepted), {
    backend,
    clock,
    judge,
    log: (line) => log.push(line),
  });
  return { ...connection, clock, log, dialled, server, backend, done };
}

/** Such a connection, within TLS, with this sent. */
async function connectSecurely(packet: Uint8Array) {
  const connection = connect();
  await connection.plain.write(SSL_REQUEST);
  assert.deepEqual(await connection.plain.read(), bytesOf("S"));
  await connection.secure.write(packet);
  await settle();
  return connection;
}

Deno.test("serveClient() joins an IAM role with a good token to the trusting socket", async () => {
  const { secure, server, dialled, log, clock, done } = await connectSecurely(
    STARTUP,
  );
  assert.deepEqual(await secure.read(), authenticationCleartextPassword());
  await secure.write(passwordMessage(GOOD_TOKEN));
  assert.deepEqual(await server.read(), STARTUP);
  await server.write(bytesOf("R-ok"));
  assert.deepEqual(await secure.read(), bytesOf("R-ok"));
  await secure.write(bytesOf("Q"));
  assert.deepEqual(await server.read(), bytesOf("Q"));
  assert.deepEqual(dialled, ["trusted"]);
  assert.deepEqual(log, [
    `${PEER}: "app" to "orders": let in: token of AKIA, 1 s old`,
  ]);
  await settle();
  assert.equal(clock.sleepers, 0);
  server.close();
  await done;
  assert.equal(secure.isClosed, true);
});

Deno.test("serveClient() carries on what came with the password", async () => {
  const { secure, server } = await connectSecurely(STARTUP);
  await secure.write(concat(passwordMessage(GOOD_TOKEN), bytesOf("Q")));
  await settle();
  assert.deepEqual(await server.received(), concat(STARTUP, bytesOf("Q")));
  secure.close();
});

Deno.test("serveClient() refuses a bad token as RDS does, and logs why", async () => {
  const { secure, dialled, log, done } = await connectSecurely(STARTUP);
  assert.deepEqual(await secure.read(), authenticationCleartextPassword());
  await secure.write(passwordMessage("hunter2"));
  await done;
  assert.deepEqual(
    await secure.received(),
    fatalError({
      code: "28000",
      message: 'PAM authentication failed for user "app"',
    }),
  );
  assert.equal(secure.isClosed, true);
  assert.deepEqual(dialled, []);
  assert.deepEqual(log, [
    `${PEER}: "app" to "orders": refused: InvalidToken: the password is not a token`,
  ]);
});

Deno.test("serveClient() refuses every login without TLS, before it asks for anything", async () => {
  for (const user of ["app", "postgres"]) {
    const { plain, dialled, log, done } = connect();
    await plain.write(startup({ user, database: "orders" }));
    await done;
    assert.deepEqual(
      await plain.received(),
      fatalError({
        code: "28000",
        message:
          `no pg_hba.conf entry for host "${PEER}", user "${user}", database "orders", no encryption`,
      }),
    );
    assert.equal(plain.isClosed, true);
    assert.deepEqual(dialled, []);
    assert.deepEqual(log, [
      `${PEER}: "${user}" to "orders": refused: it came without TLS`,
    ]);
  }
});

Deno.test("serveClient() leaves another role to its own password", async () => {
  const packet = startup({ user: "postgres" });
  const { secure, server, dialled, log } = await connectSecurely(packet);
  assert.deepEqual(await server.read(), packet);
  assert.deepEqual(dialled, ["password"]);
  assert.deepEqual(log, [
    `${PEER}: "postgres" to "postgres": no member of rds_iam: left to its own password`,
  ]);
  secure.close();
});

Deno.test("serveClient() refuses replication of an IAM role", async () => {
  const { secure, dialled, log, done } = await connectSecurely(REPLICATION);
  await done;
  assert.deepEqual(
    await secure.received(),
    fatalError({
      code: "28000",
      message:
        `no pg_hba.conf entry for replication connection from host "${PEER}", user "app", SSL encryption`,
    }),
  );
  assert.deepEqual(dialled, []);
  assert.deepEqual(log, [
    `${PEER}: "app" to "app": refused: IAM logins cannot replicate`,
  ]);
});

Deno.test("serveClient() passes a cancel request on, without TLS too", async () => {
  const { plain, server, dialled, log, done } = connect();
  await plain.write(CANCEL_REQUEST);
  assert.deepEqual(await server.read(), CANCEL_REQUEST);
  assert.deepEqual(dialled, ["trusted"]);
  server.close();
  await done;
  assert.deepEqual(log, []);
});

Deno.test("serveClient() says nothing when a client leaves instead of giving a password", async () => {
  const { secure, dialled, log, done } = await connectSecurely(STARTUP);
  secure.close();
  await done;
  assert.deepEqual([...dialled, ...log], []);
});

const INVALID = fatalError({
  code: "08P01",
  message: "invalid startup packet",
});

Deno.test("serveClient() closes without a word on who does not speak PostgreSQL, and logs it once", async () => {
  const { plain, log, done } = connect();
  await plain.write(uint32(10_001));
  await done;
  assert.deepEqual(await plain.received(), new Uint8Array());
  assert.deepEqual(log, [
    `${PEER}: connection given up: Cannot read packet: its length is 10001`,
  ]);
});

Deno.test("serveClient() refuses within TLS what it reads there", async () => {
  const { plain, secure, done } = await connectSecurely(packet(0x20000));
  await done;
  assert.deepEqual(await secure.received(), INVALID);
  assert.deepEqual(await plain.received(), new Uint8Array());
});

Deno.test("serveClient() refuses another message in place of the password", async () => {
  const { secure, dialled, log, done } = await connectSecurely(STARTUP);
  await secure.read();
  await secure.write(message("Q", bytesOf("SELECT 1\0")));
  await done;
  assert.deepEqual(await secure.received(), INVALID);
  assert.deepEqual(dialled, []);
  assert.deepEqual(log, [
    `${PEER}: connection given up: Cannot read password: message "Q" came instead`,
  ]);
});

Deno.test("serveClient() refuses an oversized password by its length", async () => {
  const { secure, log, done } = await connectSecurely(STARTUP);
  await secure.write(concat(bytesOf("p"), uint32(65_536)));
  await done;
  assert.deepEqual(log, [
    `${PEER}: connection given up: Cannot read packet: its length is 65536`,
  ]);
});

Deno.test("serveClient() gives a connection up whose handshake fails and printed nothing", async () => {
  const { plain, log, done } = connect({ tlsError: new Error("no cipher") });
  await plain.write(SSL_REQUEST);
  await done;
  assert.deepEqual(await plain.received(), bytesOf("S"));
  assert.equal(plain.isClosed, true);
  assert.deepEqual(log, [`${PEER}: connection given up: no cipher`]);
});

Deno.test("serveClient() gives a connection up when the server behind cannot be reached", async () => {
  const connection = connect();
  connection.backend.isIamRole = () => Promise.reject(new Error("no server"));
  await connection.plain.write(SSL_REQUEST);
  await connection.secure.write(STARTUP);
  await connection.done;
  assert.equal(connection.secure.isClosed, true);
  assert.deepEqual(connection.log, [
    `${PEER}: connection given up: no server`,
  ]);
});

Deno.test("serveClient() ends a connection that has not logged in after a minute", async () => {
  const { plain, clock, done } = connect();
  await clock.advance(59_999);
  assert.equal(plain.isClosed, false);
  await clock.advance(1);
  await done;
  assert.equal(plain.isClosed, true);
});

Deno.test("serveClient() does not end one that has", async () => {
  const { secure, clock } = await connectSecurely(STARTUP);
  await secure.write(passwordMessage(GOOD_TOKEN));
  await clock.advance(600_000);
  assert.equal(secure.isClosed, false);
  secure.close();
});

Deno.test("serveClient() lets no name forge a line of the log", async () => {
  const packet = startup({ user: 'x"\ny', database: "\x1b[2J" });
  const { log } = await connectSecurely(packet);
  assert.deepEqual(log, [
    `${PEER}: "x\\"\\ny" to "\\u001b[2J": no member of rds_iam: left to its own password`,
  ]);
});
