import assert from "node:assert/strict";
import type { Connection } from "../../../services/connection/connection.ts";
import {
  bytes,
  expectText,
  NAME,
  type NetFixture,
  readText,
  startNetServer,
} from "./net_fixture.ts";

/** Upgrades both ends. */
async function upgrade(
  { authority }: NetFixture,
  client: Deno.TcpConn,
  accepted: Connection,
  options: { received?: Uint8Array; alpnProtocols?: string[] } = {},
) {
  const { received = new Uint8Array(), alpnProtocols } = options;
  const serving = accepted.startTls(received);
  const secure = await Deno.startTls(client, {
    hostname: NAME,
    caCerts: [authority.ca],
    ...(alpnProtocols && { alpnProtocols }),
  });
  await secure.handshake();
  return { secure, alpn: await serving };
}

Deno.test("Connection.startTls() goes on in TLS that a client trusts by the name", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  await client.write(bytes("S?"));
  assert.equal(await readText(accepted), "S?");
  const { secure, alpn } = await upgrade(server, client, accepted);
  using _secure = secure;
  assert.equal(alpn, undefined);
  await secure.write(bytes("hello"));
  assert.equal(await readText(accepted), "hello");
  await accepted.write(bytes("good day"));
  await accepted.closeWrite();
  await expectText(secure, "good day");
  assert.equal(await secure.read(new Uint8Array(1)), null);
  await secure.write(bytes("goodbye"));
  assert.equal(await readText(accepted), "goodbye");
  accepted.close();
  assert.equal(await accepted.read(), undefined);
});

Deno.test("Connection.read() ends within TLS when the client breaks off without a goodbye", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  const { secure } = await upgrade(server, client, accepted);
  await secure.write(bytes("hello"));
  assert.equal(await readText(accepted), "hello");
  const reading = accepted.read();
  secure.close();
  assert.equal(await reading, undefined);
});

Deno.test("Connection.startTls() agrees on a protocol by ALPN", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  const { secure, alpn } = await upgrade(server, client, accepted, {
    alpnProtocols: ["postgresql"],
  });
  assert.equal(alpn, "postgresql");
  secure.close();
  assert.equal(await accepted.read(), undefined);
});

Deno.test("Connection.startTls() takes back what was read of the handshake", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  const securing = Deno.startTls(client, {
    hostname: NAME,
    caCerts: [server.authority.ca],
  });
  const secure = await securing;
  const handshake = secure.handshake();
  const received = await accepted.read();
  assert.ok(received !== undefined && received[0] === 0x16);
  await accepted.startTls(received);
  await handshake;
  await secure.write(bytes("hello"));
  assert.equal(await readText(accepted), "hello");
  secure.close();
  assert.equal(await accepted.read(), undefined);
});

Deno.test("Connection.startTls() carries much, both ways at once", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  const { secure } = await upgrade(server, client, accepted);
  const much = "0123456789abcdef".repeat(200_000);
  async function answer() {
    let text = "";
    while (text.length < much.length) {
      const more = await readText(accepted);
      assert.ok(more !== undefined);
      text += more;
    }
    return text;
  }
  const [text] = await Promise.all([
    answer(),
    accepted.write(bytes(much)),
    writeAll(secure, bytes(much)),
    expectText(secure, much),
  ]);
  assert.equal(text === much, true);
  accepted.close();
  secure.close();
});

Deno.test("Connection.startTls() fails for what is no handshake, and the server serves on", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  await client.write(bytes("GET / HTTP/1.1\r\n\r\n"));
  await assert.rejects(accepted.startTls(new Uint8Array()));
  accepted.close();
  client.close();
  await expectService(server);
});

Deno.test("Connection.startTls() fails when the client leaves before, or in the middle", async () => {
  await using server = await startNetServer();
  const before = await server.connect();
  before.client.close();
  assert.equal(await before.accepted.read(), undefined);
  await assert.rejects(before.accepted.startTls(new Uint8Array()));

  const during = await server.connect();
  const upgrading = during.accepted.startTls(new Uint8Array());
  during.client.close();
  await assert.rejects(upgrading);
  await expectService(server);
});

Deno.test("Connection.startTls() fails, or ends, when the client does not trust it", async () => {
  await using server = await startNetServer();
  const { client, accepted } = await server.connect();
  const serving = accepted.startTls(new Uint8Array())
    .then(() => accepted.read(), () => undefined);
  const secure = await Deno.startTls(client, {
    hostname: "another.example",
    caCerts: [server.authority.ca],
  });
  await assert.rejects(secure.handshake(), /not valid for name/);
  assert.equal(await serving, undefined);
  secure.close();
  await expectService(server);
});

Deno.test("Connection.close() ends connections in TLS too, and handshakes", async () => {
  const server = await startNetServer();
  const { client, accepted } = await server.connect();
  const { secure } = await upgrade(server, client, accepted);
  const reading = accepted.read();
  const shaking = await server.connect();
  const handshake = assert.rejects(
    shaking.accepted.startTls(new Uint8Array()),
  );
  await server[Symbol.asyncDispose]();
  assert.equal(await reading, undefined);
  await handshake;
  await accepted.write(bytes("too late"));
  secure.close();
  shaking.client.close();
});

/** Asserts that the server still serves others. */
async function expectService(server: NetFixture) {
  const { client, accepted } = await server.connect();
  const { secure } = await upgrade(server, client, accepted);
  await accepted.write(bytes("hello"));
  await expectText(secure, "hello");
  secure.close();
  accepted.close();
}

async function writeAll(connection: Deno.Conn, all: Uint8Array) {
  for (let written = 0; written < all.length;) {
    written += await connection.write(all.subarray(written));
  }
}
