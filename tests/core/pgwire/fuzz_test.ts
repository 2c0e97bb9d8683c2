import assert from "node:assert/strict";
import {
  decodeAuthentication,
  decodePassword,
  decodeSaslInitialResponse,
  decodeSaslResponse,
  encodePassword,
} from "../../../core/pgwire/authentication.ts";
import {
  decodeErrorFields,
  fatalError,
  withHint,
} from "../../../core/pgwire/error_response.ts";
import {
  MAX_LOGIN_MESSAGE_BYTES,
  PacketBuffer,
} from "../../../core/pgwire/packet_buffer.ts";
import {
  agreeOnProtocol,
  decodeStartupPacket,
  encodeStartupPacket,
} from "../../../core/pgwire/startup_packet.ts";
import {
  beginScram,
  scramVerifier,
} from "../../../core/pgwire/scram_server.ts";
import { Secret } from "../../../core/secret.ts";
import {
  CANCEL_REQUEST,
  concat,
  GSSENC_REQUEST,
  message,
  packet,
  SSL_REQUEST,
  uint32,
} from "../../testdata/packets.ts";

/** How many inputs each run takes. */
const INPUTS = 1_000_000;

/** The longest input of random bytes. */
const LONGEST = 64;

/** A generator of random numbers that gives the same again: mulberry32. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const text = new TextEncoder();

/** Well-formed bytes, which mutation leads astray. */
const SEEDS = [
  encodeStartupPacket(0, new Map([["user", "app"], ["database", "orders"]])),
  encodeStartupPacket(2, new Map([["user", "app"], ["_pq_.x", "1"]])),
  ...[SSL_REQUEST, GSSENC_REQUEST, CANCEL_REQUEST],
  packet(80877102, new Uint8Array(260)),
  encodePassword("token"),
  message(
    "p",
    concat(text.encode("SCRAM-SHA-256\0"), uint32(9), text.encode("n,,n=,r=a")),
  ),
  message("p", text.encode("c=biws,r=aNONCE,p=AAAA")),
  message("R", uint32(3)),
  fatalError({ code: "28000", message: "PAM", hint: "x" }),
].map((bytes) => Uint8Array.from(bytes));

const next = generator(20260115);

function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(next(LONGEST));
  for (let at = 0; at < bytes.length; at++) bytes[at] = next(256);
  return bytes;
}

/** A well-formed input with some bytes changed, cut out or doubled. */
function mutated(): Uint8Array {
  const bytes = SEEDS[next(SEEDS.length)]?.slice() ?? new Uint8Array();
  for (let changes = next(4); changes >= 0; changes--) {
    bytes[next(bytes.length)] = next(256);
  }
  const at = next(bytes.length);
  switch (next(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return bytes.subarray(at);
    case 2:
      return concat(bytes.subarray(0, at), bytes);
    default:
      return bytes;
  }
}

const VERIFIER = scramVerifier(new Secret("password"), new Uint8Array(16));
const EXCHANGE = beginScram("n,,n=,r=a", "NONCE", VERIFIER);

/** The decoders of messages; {@linkcode decodeStartup} is asked besides. */
const DECODERS: ((type: string, body: Uint8Array) => unknown)[] = [
  (_type, body) => decodeAuthentication(body),
  (_type, body) => withHint(body, "hint") && decodeErrorFields(body),
  (type, body) => decodePassword({ type, body }),
  (type, body) =>
    beginScram(decodeSaslInitialResponse({ type, body }).data, "N", VERIFIER),
  (type, body) =>
    assert.equal(
      EXCHANGE.finish(decodeSaslResponse({ type, body })),
      undefined,
    ),
];

function decodeStartup(bytes: Uint8Array) {
  const decoded = decodeStartupPacket(bytes);
  if (decoded.kind !== "startup") return;
  agreeOnProtocol(decoded.minor, decoded.parameters);
}

/** Whether bytes are refused; that they are refused in another way than by a SyntaxError is a failure. */
function isRefused(bytes: Uint8Array, decode: () => unknown): boolean {
  try {
    decode();
    return false;
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    assert.fail(`${error} of input ${bytes.toHex()}`);
  }
}

Deno.test("the decoders take a million random and mutated inputs, and throw nothing but SyntaxError", () => {
  let refused = 0;
  for (let input = 0; input < INPUTS; input++) {
    const bytes = next(2) === 0 ? randomBytes() : mutated();
    if (isRefused(bytes, () => decodeStartup(bytes))) refused++;
    const type = String.fromCharCode(bytes[0] ?? 0);
    const decode = DECODERS[input % DECODERS.length];
    if (isRefused(bytes, () => decode?.(type, bytes.subarray(5)))) refused++;
  }
  assert.ok(refused > INPUTS / 2 && refused < INPUTS * 2, `${refused} refused`);
});

Deno.test("PacketBuffer keeps no more than one message of anything that is read into it", () => {
  let buffer = new PacketBuffer();
  let kept = 0;
  for (let input = 0; input < INPUTS / 10; input++) {
    const chunk = next(2) === 0 ? randomBytes() : mutated();
    buffer.push(chunk);
    kept += chunk.length;
    try {
      for (let taken; (taken = buffer.takeMessage());) {
        kept -= 5 + taken.body.length;
      }
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
      buffer = new PacketBuffer();
      kept = 0;
    }
    assert.ok(kept <= 1 + MAX_LOGIN_MESSAGE_BYTES);
  }
});
