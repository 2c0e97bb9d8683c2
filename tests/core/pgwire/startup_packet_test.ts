import assert from "node:assert/strict";
import fc from "fast-check";
import {
  agreeOnProtocol,
  decodeStartupPacket,
  encodeStartupPacket,
} from "../../../core/pgwire/startup_packet.ts";
import {
  bytesOf,
  CANCEL_REQUEST,
  concat,
  GSSENC_REQUEST,
  message,
  packet,
  SSL_REQUEST,
  startup,
  uint32,
} from "../../testdata/packets.ts";

Deno.test("decodeStartupPacket() tells the requests apart", () => {
  const kinds = [SSL_REQUEST, GSSENC_REQUEST, CANCEL_REQUEST]
    .map((bytes) => decodeStartupPacket(bytes).kind);
  assert.deepEqual(kinds, ["ssl-request", "gssenc-request", "cancel-request"]);
});

Deno.test("decodeStartupPacket() reads parameters", () => {
  const parameters = { user: "josé", database: "", options: "-c a=b" };
  assert.deepEqual(decodeStartupPacket(startup(parameters)), {
    kind: "startup",
    minor: 0,
    parameters: new Map(Object.entries(parameters)),
  });
  assert.deepEqual(decodeStartupPacket(startup({})), {
    kind: "startup",
    minor: 0,
    parameters: new Map(),
  });
});

Deno.test("decodeStartupPacket() takes every minor version of protocol 3", () => {
  for (const code of [0x30000, 0x30002, 0x3ffff]) {
    const { kind } = decodeStartupPacket(packet(code, bytesOf("\0")));
    assert.equal(kind, "startup");
  }
});

Deno.test("decodeStartupPacket() keeps a byte order mark", () => {
  const decoded = decodeStartupPacket(startup({ user: "\ufeffapp" }));
  assert.ok(decoded.kind === "startup");
  assert.equal(decoded.parameters.get("user"), "\ufeffapp");
});

Deno.test("decodeStartupPacket() carries bytes that are no UTF-8, as encodeStartupPacket() writes them", () => {
  const latin1 = packet(
    0x30000,
    concat(bytesOf("application_name\0caf"), Uint8Array.of(0xe9, 0, 0)),
  );
  const decoded = decodeStartupPacket(latin1);
  assert.ok(decoded.kind === "startup");
  assert.deepEqual(encodeStartupPacket(0, decoded.parameters), latin1);
});

Deno.test("decodeStartupPacket() refuses bad bytes, repeating none of them", () => {
  const end = "its parameters do not end as they should";
  const rows: [bytes: Uint8Array, why: string][] = [
    [new Uint8Array(), "it is too short"],
    [uint32(4), "it is too short"],
    [concat(uint32(7), bytesOf("abc")), "it is too short"],
    [packet(0x20000), "protocol 2.0 is not supported"],
    [packet(0x40000, bytesOf("\0")), "protocol 4.0 is not supported"],
    [packet(80877105), "protocol 1234.5681 is not supported"],
    [packet(0xffffffff), "protocol 65535.65535 is not supported"],
    [packet(0x30000), end],
    [packet(0x30000, bytesOf("user")), end],
    [packet(0x30000, bytesOf("user\0")), end],
    [packet(0x30000, bytesOf("user\0hunter2")), end],
    [packet(0x30000, bytesOf("user\0hunter2\0")), end],
    [packet(0x30000, bytesOf("\0user\0hunter2\0\0")), end],
    [packet(0x30000, bytesOf("user\0hunter2\0\0\0")), end],
  ];
  for (const [bytes, why] of rows) {
    assert.throws(
      () => decodeStartupPacket(bytes),
      new SyntaxError(`Cannot read start-up packet: ${why}`),
    );
  }
});

Deno.test("decodeStartupPacket() reads a view into a larger array", () => {
  const around = concat(bytesOf("......"), SSL_REQUEST);
  assert.deepEqual(decodeStartupPacket(around.subarray(6)), {
    kind: "ssl-request",
  });
});

Deno.test("decodeStartupPacket() throws nothing but SyntaxError on any bytes", () => {
  const code = fc.constantFrom(0x30000, 0x30002, 80877102, 80877103);
  const body = fc.oneof(fc.uint8Array(), fc.string().map(bytesOf));
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.tuple(code, body).map(([code, body]) => packet(code, body)),
  );
  fc.assert(fc.property(bytes, (bytes) => {
    try {
      decodeStartupPacket(bytes);
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
    }
  }));
});

Deno.test("decodeStartupPacket() gives back the parameters that a packet was made of", () => {
  const text = fc.string({ unit: "grapheme" })
    .map((text) => text.replaceAll("\0", ""));
  const parameters = fc.dictionary(text.filter((name) => name !== ""), text);
  fc.assert(fc.property(parameters, (parameters) => {
    assert.deepEqual(decodeStartupPacket(startup(parameters)), {
      kind: "startup",
      minor: 0,
      parameters: new Map(Object.entries(parameters)),
    });
  }));
});

const PARAMETERS = new Map([["user", "app"], ["database", "orders"]]);

Deno.test("agreeOnProtocol() takes 3.0 and 3.2 as they are", () => {
  for (const minor of [0, 2]) {
    assert.deepEqual(agreeOnProtocol(minor, PARAMETERS), {
      minor,
      parameters: PARAMETERS,
      answer: undefined,
    });
  }
});

Deno.test("agreeOnProtocol() offers the next lower version there is", () => {
  for (const [asked, agreed] of [[1, 0], [3, 2], [9999, 2]] as const) {
    assert.deepEqual(agreeOnProtocol(asked, PARAMETERS), {
      minor: agreed,
      parameters: PARAMETERS,
      answer: message("v", concat(uint32(0x30000 + agreed), uint32(0))),
    });
  }
});

Deno.test("agreeOnProtocol() declines extensions, and keeps them from the database", () => {
  const asked = new Map([...PARAMETERS, ["_pq_.one", ""], ["_pq_.two", "x"]]);
  assert.deepEqual(agreeOnProtocol(0, asked), {
    minor: 0,
    parameters: PARAMETERS,
    answer: message(
      "v",
      concat(uint32(0x30000), uint32(2), bytesOf("_pq_.one\0_pq_.two\0")),
    ),
  });
});
