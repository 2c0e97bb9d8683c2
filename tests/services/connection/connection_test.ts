import assert from "node:assert/strict";
import { Connection } from "../../../services/connection/connection.ts";
import { bytesOf } from "../../testdata/packets.ts";

/** A connection that takes three bytes at a time, and counts how often it is closed. */
function slowStream() {
  const written: number[] = [];
  const state = { closed: 0, isBroken: false };
  return {
    written,
    state,
    stream: {
      read: (buffer: Uint8Array) => {
        if (state.isBroken) return Promise.reject(new Error("reset"));
        buffer.set(bytesOf("abc"));
        return Promise.resolve(3);
      },
      write(bytes: Uint8Array) {
        if (state.isBroken) return Promise.reject(new Error("reset"));
        written.push(...bytes.subarray(0, 3));
        return Promise.resolve(Math.min(3, bytes.length));
      },
      closeWrite: () => Promise.resolve(),
      close: () => void state.closed++,
    },
  };
}

Deno.test("Connection writes all, however little is taken at a time", async () => {
  const { stream, written } = slowStream();
  await new Connection({ stream }).write(bytesOf("12345678"));
  assert.deepEqual(Uint8Array.from(written), bytesOf("12345678"));
});

Deno.test("Connection takes a broken one for ended, and may be closed again", async () => {
  const { stream, state } = slowStream();
  const connection = new Connection({ stream });
  assert.deepEqual(await connection.read(), bytesOf("abc"));
  state.isBroken = true;
  assert.equal(await connection.read(), undefined);
  await connection.write(bytesOf("x"));
  connection.close();
  connection.close();
  assert.equal(state.closed, 2);
});

Deno.test("Connection that was closed during the handshake closes what comes of it", async () => {
  const { stream } = slowStream();
  const secure = slowStream();
  const handshake = Promise.withResolvers<void>();
  const connection = new Connection({
    stream,
    async startTls() {
      await handshake.promise;
      return { stream: secure.stream, alpn: undefined };
    },
  });
  const started = connection.startTls(new Uint8Array());
  connection.close();
  handshake.resolve();
  await started;
  assert.equal(secure.state.closed, 1);
});
