import assert from "node:assert/strict";
import { signToken } from "../../../core/token/sign.ts";
import type { AcceptedStream } from "../../../core/ports/streams.ts";
import type { Backend } from "../../../core/emulator/backend.ts";
import { parseEndpoint } from "../../../core/target/endpoint.ts";
import { startEmulator } from "../../../services/emulator/emulator.ts";
import { FakeClock, fakeConnection, MemoryStream } from "../../fakes.ts";
import {
  bytesOf,
  passwordMessage,
  SSL_REQUEST,
  startup,
} from "../../testdata/packets.ts";
import {
  tokenVector,
  vectorExpectation,
  vectorKey,
  vectorRequest,
} from "../../testdata/token_vectors.ts";

Deno.test("startEmulator() listens, and lets in whoever has a token for its endpoint", async () => {
  const vector = tokenVector("plain");
  const clock = new FakeClock();
  const listening: string[] = [];
  const log: string[] = [];
  const accepted = Promise.withResolvers<(stream: AcceptedStream) => void>();
  const [server, serverSide] = MemoryStream.pair();
  const backend: Backend = {
    major: 17,
    isIamRole: () => Promise.resolve(true),
    connectTrusted: () => Promise.resolve(serverSide.stream),
    connectByPassword: () => assert.fail(),
  };
  const listener = startEmulator({
    ...vectorExpectation(vector),
    listen: { host: "127.0.0.1", port: 0 },
    endpoint: parseEndpoint(vector.hostname),
    policy: undefined,
  }, {
    backend,
    clock,
    log: (line) => log.push(line),
    listen(host, port, accept) {
      listening.push(`${host}:${port}`);
      accepted.resolve(accept);
      return {
        address: { kind: "tcp", host, port: 40001 },
        close: () => Promise.resolve(),
      };
    },
  });
  assert.equal(listener.address.port, 40001);
  assert.deepEqual(listening, ["127.0.0.1:0"]);

  const { plain, secure, accepted: stream } = fakeConnection();
  (await accepted.promise)(stream);
  const packet = startup({ user: vector.username });
  const request = vectorRequest(vector);
  const { secret } = await signToken(request, vectorKey(vector), clock.now());
  await plain.write(SSL_REQUEST);
  assert.deepEqual(await plain.read(), bytesOf("S"));
  await secure.write(packet);
  await secure.read();
  await secure.write(passwordMessage(secret.reveal()));
  assert.deepEqual(await server.read(), packet);
  assert.deepEqual(log, [
    '203.0.113.9: "jane_doe" to "jane_doe": let in: token of AKIAIOSFODNN7EXAMPLE, 0 s old',
  ]);
  secure.close();
});
