import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeLoginAnswer,
  encodeAuthSwitch,
} from "../../../core/mysqlwire/authentication.ts";
import { BodyReader, lengthEncoded } from "../../../core/mysqlwire/bytes.ts";
import {
  CAPABILITIES,
  changeFlags,
} from "../../../core/mysqlwire/capabilities.ts";
import {
  decodeChangeUser,
  encodeChangeUser,
} from "../../../core/mysqlwire/change_user.ts";
import {
  decodeError,
  encodeError,
} from "../../../core/mysqlwire/error_packet.ts";
import {
  decodeGreeting,
  encodeGreeting,
} from "../../../core/mysqlwire/greeting.ts";
import {
  decodeHandshakeResponse,
  encodeHandshakeResponse,
  encodeSslRequest,
  isSslRequest,
} from "../../../core/mysqlwire/handshake_response.ts";
import { replaceInfo } from "../../../core/mysqlwire/ok_packet.ts";
import { encodePacket, LoginPackets } from "../../../core/mysqlwire/packet.ts";
import { anyGreeting, anyResponse, GREETINGS } from "./packets.ts";

/** Bytes as plain arrays, so that views of other buffers compare. */
function plain(value: object): unknown {
  return JSON.parse(
    JSON.stringify(
      value,
      (_, part) => part instanceof Uint8Array ? [...part] : part,
    ),
  );
}

Deno.test("a length is read back as it was written", () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (length) => {
      const reader = new BodyReader(lengthEncoded(length));
      assert.equal(reader.lengthEncoded(), length);
      assert.equal(reader.left, 0);
    }),
  );
  for (const length of [0xfa, 0xfb, 0xffff, 0x10000, 0xffffff, 0x1000000]) {
    assert.equal(new BodyReader(lengthEncoded(length)).lengthEncoded(), length);
  }
});

Deno.test("packets are found however their bytes arrive", () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 5 });
  fc.assert(
    fc.property(
      bodies,
      fc.array(fc.integer({ min: 1, max: 300 })),
      (sent, cuts) => {
        const stream = Uint8Array.from(
          sent.flatMap((body, i) => [...encodePacket(i, body)]),
        );
        const packets = new LoginPackets();
        const found = [];
        let at = 0;
        for (const size of [...cuts, stream.length]) {
          packets.push(stream.subarray(at, at + size));
          at += size;
          for (let packet; (packet = packets.take()) !== undefined;) {
            found.push(packet);
          }
        }
        assert.deepEqual(
          plain(found),
          plain(sent.map((body, sequence) => ({ sequence, body }))),
        );
        assert.equal(packets.takeRest().length, 0);
      },
    ),
  );
});

Deno.test("a packet that is longer than any login's is refused by its header", () => {
  const packets = new LoginPackets();
  packets.push(Uint8Array.of(1, 0, 2, 0));
  assert.throws(() => packets.take(), SyntaxError);
});

Deno.test("greetings are read back as they were written", () => {
  fc.assert(
    fc.property(anyGreeting, (greeting) => {
      const read = decodeGreeting(encodeGreeting(greeting));
      assert.deepEqual(plain(read), plain(greeting));
    }),
  );
});

for (const [name, hex] of Object.entries(GREETINGS)) {
  Deno.test(`the greeting of ${name} is written as it was read`, () => {
    const bytes = Uint8Array.fromHex(hex);
    const greeting = decodeGreeting(bytes);
    assert.deepEqual([...encodeGreeting(greeting)], [...bytes]);
  });
}

Deno.test("responses are read back as they were written", () => {
  fc.assert(
    fc.property(anyResponse, (response) => {
      const read = decodeHandshakeResponse(encodeHandshakeResponse(response));
      assert.deepEqual(plain(read), plain(response));
    }),
  );
});

Deno.test("a response that ends too early is refused, and never read beyond its end", () => {
  fc.assert(
    fc.property(
      anyResponse,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (response, share) => {
        const whole = encodeHandshakeResponse(response);
        const part = whole.slice(0, Math.floor(whole.length * share));
        try {
          decodeHandshakeResponse(part);
        } catch (error) {
          assert.ok(error instanceof SyntaxError);
        }
      },
    ),
  );
});

Deno.test("a request for TLS is the beginning of a response that has the flag", () => {
  fc.assert(
    fc.property(anyResponse, (response) => {
      const asks = (response.capabilities & CAPABILITIES.SSL) !== 0;
      assert.equal(isSslRequest(encodeSslRequest(response)), asks);
      const whole = encodeHandshakeResponse(response);
      if (whole.length !== 32) assert.equal(isSslRequest(whole), false);
    }),
  );
});

Deno.test("a change of users is read back as it was written", () => {
  fc.assert(
    fc.property(anyResponse, fc.nat(0xffff), (response, charset) => {
      const { username, database, attributes } = response;
      const change = {
        ...{ username, database, attributes, charset },
        proof: response.proof.subarray(0, 255),
        plugin: "mysql_native_password",
      };
      const capabilities = changeFlags(response.capabilities, {
        add: CAPABILITIES.SECURE_CONNECTION | CAPABILITIES.PLUGIN_AUTH,
      });
      const read = decodeChangeUser(
        encodeChangeUser(change, capabilities),
        capabilities,
      );
      assert.deepEqual(plain(read), plain(change));
    }),
  );
});

Deno.test("a switch of plugins is read with and without its data, as Aurora sends it", () => {
  const salt = new Uint8Array(20).fill(7);
  const answer = decodeLoginAnswer(
    encodeAuthSwitch("mysql_clear_password", salt),
  );
  assert.deepEqual(plain(answer), {
    kind: "switch",
    plugin: "mysql_clear_password",
    data: [...salt, 0],
  });
  const name = new TextEncoder().encode("mysql_clear_password");
  for (const end of [[], [0]]) {
    assert.deepEqual(
      plain(decodeLoginAnswer(Uint8Array.of(0xfe, ...name, ...end))),
      { kind: "switch", plugin: "mysql_clear_password", data: [] },
    );
  }
  assert.throws(() => decodeLoginAnswer(Uint8Array.of(3)), SyntaxError);
});

Deno.test("errors are read back, with a SQLSTATE and without", () => {
  const error = { code: 1045, sqlState: "28000", message: "Access denied" };
  assert.deepEqual(decodeError(encodeError(error)), error);
  assert.deepEqual(decodeError(encodeError(error, true)), {
    ...error,
    sqlState: "HY000",
  });
});

Deno.test("replaceInfo() changes the info of an OK, and nothing else", () => {
  const info = Uint8Array.of(1, 2, 3);
  const head = [0, 0, 0, 2, 0x40, 0, 0];
  const tracked = CAPABILITIES.SESSION_TRACK;
  assert.deepEqual(
    [...replaceInfo(
      Uint8Array.of(...head, 2, 9, 9, 4, 0, 0, 0, 0),
      info,
      tracked,
    )],
    [...head, 3, 1, 2, 3, 4, 0, 0, 0, 0],
  );
  const quiet = [0, 0, 0, 2, 0, 0, 0];
  assert.deepEqual(
    [...replaceInfo(Uint8Array.of(...quiet), info, tracked)],
    [...quiet, 3, 1, 2, 3],
  );
  assert.deepEqual(
    [...replaceInfo(Uint8Array.of(...quiet, 9, 9), info, 0)],
    [...quiet, 1, 2, 3],
  );
});
