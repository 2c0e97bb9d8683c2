import assert from "node:assert/strict";
import { joinStreams } from "../../../services/connection/join_streams.ts";
import { MemoryStream } from "../../fakes.ts";
import { bytesOf } from "../../testdata/packets.ts";

function join() {
  const [client, accepted] = MemoryStream.pair();
  const [server, dialled] = MemoryStream.pair();
  return { client, server, done: joinStreams(accepted, dialled) };
}

Deno.test("joinStreams() carries bytes both ways", async () => {
  const { client, server, done } = join();
  await client.write(bytesOf("question"));
  assert.deepEqual(await server.read(), bytesOf("question"));
  await server.write(bytesOf("answer"));
  assert.deepEqual(await client.read(), bytesOf("answer"));
  client.close();
  await done;
});

Deno.test("joinStreams() ends both when either ends", async () => {
  for (const side of ["client", "server"] as const) {
    const ends = join();
    ends[side].close();
    await ends.done;
    assert.ok(ends.client.isClosed && ends.server.isClosed);
  }
});

Deno.test("joinStreams() carries what was sent before the end", async () => {
  const { client, server, done } = join();
  await client.write(bytesOf("last words"));
  client.close();
  await done;
  assert.deepEqual(await server.received(), bytesOf("last words"));
});
