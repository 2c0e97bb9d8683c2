import assert from "node:assert/strict";
import { NotPostgres } from "../../../core/pgwire/packet_buffer.ts";
import { Connection } from "../../../services/connection/connection.ts";
import { negotiate } from "../../../services/connection/negotiate.ts";
import { fakeConnection, settle } from "../../fakes.ts";
import {
  bytesOf,
  CANCEL_REQUEST,
  concat,
  GSSENC_REQUEST,
  passwordMessage,
  SSL_REQUEST,
  startup,
  uint32,
} from "../../testdata/packets.ts";

const STARTUP = startup({ user: "app", database: "orders" });
const HELLO = Uint8Array.of(0x16, 3, 1, 0, 5);

function connect(options?: Parameters<typeof fakeConnection>[0]) {
  const connection = fakeConnection(options);
  const opening = negotiate(new Connection(connection.accepted));
  return { ...connection, opening };
}

Deno.test("negotiate() grants TLS by request", async () => {
  const { plain, secure, handshakes, opening } = connect();
  await plain.write(SSL_REQUEST);
  assert.deepEqual(await plain.read(), bytesOf("S"));
  await secure.write(STARTUP);
  const opened = await opening;
  assert.equal(opened?.isEncrypted, true);
  assert.deepEqual(opened.packet, STARTUP);
  assert.deepEqual([...opened.parameters ?? []], [
    ["user", "app"],
    ["database", "orders"],
  ]);
  assert.deepEqual(handshakes, [new Uint8Array()]);
});

Deno.test("negotiate() goes on without TLS", async () => {
  const { plain, handshakes, opening } = connect();
  await plain.write(STARTUP);
  const opened = await opening;
  assert.equal(opened?.isEncrypted, false);
  assert.equal(opened?.parameters?.get("user"), "app");
  assert.deepEqual(handshakes, []);
});

Deno.test("negotiate() declines GSSAPI, and then grants TLS", async () => {
  const { plain, secure, opening } = connect();
  await plain.write(GSSENC_REQUEST);
  assert.deepEqual(await plain.read(), bytesOf("N"));
  await plain.write(SSL_REQUEST);
  assert.deepEqual(await plain.read(), bytesOf("S"));
  await secure.write(STARTUP);
  assert.equal((await opening)?.isEncrypted, true);
});

Deno.test("negotiate() takes TLS directly with ALPN postgresql", async () => {
  const { plain, secure, handshakes, opening } = connect({
    alpn: "postgresql",
  });
  await plain.write(HELLO);
  await secure.write(STARTUP);
  assert.equal((await opening)?.isEncrypted, true);
  assert.deepEqual(handshakes, [HELLO]);
});

Deno.test("negotiate() refuses TLS directly without ALPN postgresql", async () => {
  for (const options of [{}, { alpn: "h2" }]) {
    const { plain, opening } = connect(options);
    await plain.write(HELLO);
    await assert.rejects(
      opening,
      new SyntaxError("Cannot go on: direct TLS without ALPN postgresql"),
    );
  }
});

Deno.test("negotiate() refuses bytes that came before TLS began", async () => {
  const { plain, handshakes, opening } = connect();
  await plain.write(concat(SSL_REQUEST, STARTUP));
  await assert.rejects(
    opening,
    new SyntaxError("Cannot go on: bytes came before TLS began"),
  );
  assert.deepEqual(await plain.received(), new Uint8Array());
  assert.deepEqual(handshakes, []);
});

Deno.test("negotiate() refuses TLS within TLS", async () => {
  const { plain, secure, opening } = connect();
  await plain.write(SSL_REQUEST);
  await secure.write(SSL_REQUEST);
  await assert.rejects(
    opening,
    new SyntaxError("Cannot go on: TLS within TLS"),
  );
});

Deno.test("negotiate() hands over a cancel request, in TLS or not", async () => {
  const { plain, opening } = connect();
  await plain.write(CANCEL_REQUEST);
  const opened = await opening;
  assert.deepEqual(opened?.packet, CANCEL_REQUEST);
  assert.equal(opened?.parameters, undefined);
});

Deno.test("negotiate() keeps what came after the packet", async () => {
  const { plain, opening } = connect();
  const more = passwordMessage("early");
  await plain.write(concat(STARTUP, more));
  const opened = await opening;
  assert.deepEqual(opened?.packet, STARTUP);
  assert.deepEqual(opened?.buffer.takeRest(), more);
});

Deno.test("negotiate() waits for a packet that comes byte by byte", async () => {
  const { plain, opening } = connect();
  for (const byte of STARTUP) {
    await plain.write(Uint8Array.of(byte));
    await settle();
  }
  assert.deepEqual((await opening)?.packet, STARTUP);
});

Deno.test("negotiate() gives nothing when the client leaves", async () => {
  for (const bytes of [new Uint8Array(), STARTUP.subarray(0, 20)]) {
    const { plain, opening } = connect();
    await plain.write(bytes);
    plain.close();
    assert.equal(await opening, undefined);
  }
});

Deno.test("negotiate() refuses a packet that is too long, by its length", async () => {
  const { plain, opening } = connect();
  await plain.write(uint32(10_001));
  await assert.rejects(
    opening,
    new NotPostgres("Cannot read packet: its length is 10001"),
  );
});

Deno.test("negotiate() fails when the handshake does", async () => {
  const { plain, opening } = connect({ tlsError: new Error("no cipher") });
  await plain.write(SSL_REQUEST);
  await assert.rejects(opening, new Error("no cipher"));
});
