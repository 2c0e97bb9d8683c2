import assert from "node:assert/strict";
import fc from "fast-check";
import {
  MAX_LOGIN_MESSAGE_BYTES,
  MAX_STARTUP_BYTES,
  NotPostgres,
  PacketBuffer,
} from "../../../core/pgwire/packet_buffer.ts";
import {
  bytesOf,
  concat,
  passwordMessage,
  SSL_REQUEST,
  startup,
  uint32,
} from "../../testdata/packets.ts";

function bufferOf(...chunks: Uint8Array[]): PacketBuffer {
  const buffer = new PacketBuffer();
  for (const chunk of chunks) buffer.push(chunk);
  return buffer;
}

Deno.test("PacketBuffer.takeStartupPacket() waits for the whole packet", () => {
  const packet = startup({ user: "app" });
  const buffer = new PacketBuffer();
  for (const byte of packet) {
    assert.equal(buffer.takeStartupPacket(), undefined);
    buffer.push(Uint8Array.of(byte));
  }
  assert.deepEqual(buffer.takeStartupPacket(), packet);
  assert.equal(buffer.takeStartupPacket(), undefined);
});

Deno.test("PacketBuffer takes packets and messages apart that came together", () => {
  const rest = bytesOf("Q....");
  const buffer = bufferOf(concat(SSL_REQUEST, passwordMessage("x"), rest));
  assert.deepEqual(buffer.takeStartupPacket(), SSL_REQUEST);
  assert.equal(buffer.peek(), "p".charCodeAt(0));
  assert.deepEqual(buffer.takeMessage(), { type: "p", body: bytesOf("x\0") });
  assert.deepEqual(buffer.takeRest(), rest);
  assert.equal(buffer.peek(), undefined);
  assert.equal(buffer.takeRest().length, 0);
});

Deno.test("PacketBuffer refuses a length that is out of bounds, before the rest has come", () => {
  for (const length of [0, 3, MAX_STARTUP_BYTES + 1, 0x16030100, 0xffffffff]) {
    assert.throws(
      () => bufferOf(uint32(length)).takeStartupPacket(),
      new NotPostgres(`Cannot read packet: its length is ${length}`),
    );
  }
  for (const length of [0, 3, MAX_LOGIN_MESSAGE_BYTES + 1, 0xffffffff]) {
    assert.throws(
      () => bufferOf(bytesOf("p"), uint32(length)).takeMessage(),
      new SyntaxError(`Cannot read packet: its length is ${length}`),
    );
  }
  assert.throws(
    () => bufferOf(bytesOf("p"), uint32(1025)).takeMessage(1024),
    new SyntaxError("Cannot read packet: its length is 1025"),
  );
});

Deno.test("PacketBuffer takes the longest packet and message", () => {
  const packet = new Uint8Array(MAX_STARTUP_BYTES);
  packet.set(uint32(MAX_STARTUP_BYTES));
  assert.equal(bufferOf(packet).takeStartupPacket()?.length, MAX_STARTUP_BYTES);
  const longest = passwordMessage("x".repeat(65_530));
  assert.equal(bufferOf(longest).takeMessage()?.body.length, 65_531);
});

Deno.test("PacketBuffer is not changed by who changes what it was given", () => {
  const chunk = passwordMessage("x");
  const buffer = bufferOf(chunk);
  chunk.fill(0);
  assert.deepEqual(buffer.takeMessage(), { type: "p", body: bytesOf("x\0") });
});

Deno.test("PacketBuffer reads a view into a larger array", () => {
  const around = concat(bytesOf("......"), SSL_REQUEST, bytesOf("..."));
  const buffer = bufferOf(around.subarray(6, 6 + SSL_REQUEST.length));
  assert.deepEqual(buffer.takeStartupPacket(), SSL_REQUEST);
});

const chunks = fc.array(fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.constant(passwordMessage("secret")),
  fc.constant(startup({ user: "app" })),
  fc.nat({ max: 70_000 }).map(uint32),
));

Deno.test("PacketBuffer throws nothing but SyntaxError, and holds no more than a packet and a chunk", () => {
  fc.assert(fc.property(chunks, fc.boolean(), (chunks, isStartup) => {
    const limit = isStartup ? MAX_STARTUP_BYTES : 1 + MAX_LOGIN_MESSAGE_BYTES;
    const buffer = new PacketBuffer();
    let pushed = 0;
    let taken = 0;
    for (const chunk of chunks) {
      buffer.push(chunk);
      pushed += chunk.length;
      try {
        while (true) {
          const length = isStartup
            ? buffer.takeStartupPacket()?.length
            : lengthOf(buffer.takeMessage()?.body);
          if (length === undefined) break;
          taken += length;
        }
      } catch (error) {
        assert.ok(error instanceof SyntaxError, String(error));
        return;
      }
      assert.ok(pushed - taken < limit);
    }
    assert.equal(buffer.takeRest().length, pushed - taken);
  }));
});

function lengthOf(body: Uint8Array | undefined): number | undefined {
  return body && 5 + body.length;
}

Deno.test("PacketBuffer gives the same packets, however the bytes are cut", () => {
  const packets = [SSL_REQUEST, startup({ user: "app" }), SSL_REQUEST];
  const bytes = concat(...packets);
  const cuts = fc.uniqueArray(fc.nat({ max: bytes.length }));
  fc.assert(fc.property(cuts, (cuts) => {
    const buffer = new PacketBuffer();
    const found: Uint8Array[] = [];
    let start = 0;
    for (const end of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
      buffer.push(bytes.subarray(start, end));
      start = end;
      let packet = buffer.takeStartupPacket();
      for (; packet; packet = buffer.takeStartupPacket()) found.push(packet);
    }
    assert.deepEqual(found, packets);
  }));
});
