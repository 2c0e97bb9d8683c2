import assert from "node:assert/strict";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import { connectLocal } from "../../../adapters/net/conn_stream.ts";
import { listenTcp } from "../../../adapters/net/listen.ts";
import { Connection } from "../../../services/connection/connection.ts";
import { assertRefuses } from "../../rdsiam_error.ts";
import { bytes, expectText, readText, startNetServer } from "./net_fixture.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const CHUNK = new Uint8Array(65_536);
const MEBIBYTE = 1_048_576;

/** More than the system keeps for both ends of a connection, and much less than what is sent. */
const IN_FLIGHT_LIMIT = 24 * MEBIBYTE;
const SENT = 96 * MEBIBYTE;

Deno.test("listenTcp() carries bytes both ways, and says who comes", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  using _client = client;
  assert.equal(accepted.remoteHost, "127.0.0.1");
  await client.write(bytes("hello"));
  assert.equal(await readText(accepted), "hello");
  await accepted.write(bytes("good "));
  await accepted.write(bytes("day"));
  await expectText(client, "good day");
});

Deno.test("listenTcp() keeps connections apart", async () => {
  await using server = await startNetServer();
  const one = await server.connect();
  const other = await server.connect();
  await other.client.write(bytes("other"));
  await one.client.write(bytes("one"));
  assert.equal(await readText(one.accepted), "one");
  assert.equal(await readText(other.accepted), "other");
  one.client.close();
  assert.equal(await one.accepted.read(), undefined);
  await other.accepted.write(bytes("still here"));
  await expectText(other.client, "still here");
  other.client.close();
});

Deno.test("Connection.read() ends when the other side says no more, after all that it said", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  using _client = client;
  await client.write(bytes("bye"));
  await client.closeWrite();
  assert.equal(await readText(accepted), "bye");
  assert.equal(await accepted.read(), undefined);
  assert.equal(await accepted.read(), undefined);
  // One direction's end is not the other's.
  await accepted.write(bytes("goodbye"));
  await expectText(client, "goodbye");
});

Deno.test("Connection.read() ends and write() drops when the connection is reset", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  await accepted.write(bytes("never read"));
  await client.read(new Uint8Array(1));
  client.close(); // with bytes unread: the system resets the connection
  assert.equal(await accepted.read(), undefined);
  await accepted.write(bytes("into the void"));
  await accepted.write(CHUNK);
  accepted.close();
});

Deno.test("Connection.write() waits for a slow reader, and memory does not grow", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  using _client = client;
  let written = 0;
  let received = 0;
  let most = 0;
  async function write() {
    for (; written < SENT; written += CHUNK.length) await accepted.write(CHUNK);
    accepted.close();
  }
  async function read() {
    const buffer = new Uint8Array(MEBIBYTE);
    for (let count; (count = await client.read(buffer)) !== null;) {
      most = Math.max(most, written - received);
      received += count;
    }
  }
  await Promise.all([write(), read()]);
  assert.equal(received, SENT);
  assert.ok(most < IN_FLIGHT_LIMIT, `${most} bytes were waiting`);
});

Deno.test("Connection.read() leaves with the sender what nobody asks for", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  let written = 0;
  let received = 0;
  let most = 0;
  async function write() {
    while (written < SENT) written += await client.write(CHUNK);
    client.close();
  }
  async function read() {
    for (let chunk; (chunk = await accepted.read()) !== undefined;) {
      most = Math.max(most, written - received);
      received += chunk.length;
      // The sender gets many turns for each of the reader's.
      for (let turn = 0; turn < 20; turn++) await nextTurn();
    }
  }
  await Promise.all([write(), read()]);
  assert.equal(received, written);
  assert.ok(most < IN_FLIGHT_LIMIT, `${most} bytes were waiting`);
});

Deno.test("Connection.close() ends the connection after what was written", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  using _client = client;
  const reading = accepted.read();
  await accepted.write(bytes("the last words"));
  accepted.close();
  accepted.close();
  await expectText(client, "the last words");
  assert.equal(await client.read(new Uint8Array(1)), null);
  assert.equal(await reading, undefined);
  await accepted.write(bytes("too late"));
});

Deno.test("Connection.close() ends waiting reads and writes; Listener.close() listens no more", async () => {
  const server = await startNetServer();
  const reading = await server.connect();
  const writing = await server.connect();
  const read = reading.accepted.read();
  async function writeForEver() {
    // The client reads nothing: this comes to wait, and ends with the connection.
    for (let sent = 0; sent < SENT; sent += CHUNK.length) {
      await writing.accepted.write(CHUNK);
    }
  }
  const written = writeForEver();
  await nextTurn();
  await server[Symbol.asyncDispose]();
  assert.equal(await read, undefined);
  await written;
  assert.equal(await reading.client.read(new Uint8Array(1)), null);
  await assert.rejects(
    connectLocal({ port: server.port }),
    Deno.errors.ConnectionRefused,
  );
  reading.client.close();
  writing.client.close();
});

Deno.test("listenTcp() names the address that it cannot listen on", () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const tls = { certificate: "", privateKey: "", protocols: [] };
  assertRefuses(() => listenTcp("127.0.0.1", port, tls, () => {}), {
    kind: "failed",
    message:
      `Address 127.0.0.1:${port} cannot be listened on: another program listens there`,
    hint: "Name another with --listen, or port 0 for a free one",
  });
  // An address of RFC 5737, which no machine has.
  assert.throws(() => listenTcp("192.0.2.1", 0, tls, () => {}), {
    kind: "failed",
    message: /^Address 192\.0\.2\.1:0 cannot be listened on: ./,
  });
});

Deno.test("connectLocal() connects to a port, and to a Unix socket", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "socket");
  using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using unix = Deno.listen({ transport: "unix", path });
  for (
    const { listener, to } of [
      { listener: tcp, to: { port: tcp.addr.port } },
      { listener: unix, to: { path } },
    ]
  ) {
    const [stream, peer] = await Promise.all([
      connectLocal(to).then((stream) => new Connection({ stream })),
      listener.accept(),
    ]);
    using _peer = peer;
    await stream.write(bytes("hello"));
    await expectText(peer, "hello");
    await peer.write(bytes("good day"));
    assert.equal(await readText(stream), "good day");
    stream.close();
    assert.equal(await peer.read(new Uint8Array(1)), null);
  }
});

Deno.test("connectLocal() fails where nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(
    connectLocal({ port }),
    Deno.errors.ConnectionRefused,
  );
  await assert.rejects(
    connectLocal({ path: "/nonexistent/.s.PGSQL.5432" }),
    Deno.errors.NotFound,
  );
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
