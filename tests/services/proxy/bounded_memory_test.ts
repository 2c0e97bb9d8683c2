import assert from "node:assert/strict";
import { systemClock } from "../../../adapters/process/clock.ts";
import {
  emptyResponse,
  encodeHandshakeResponse,
} from "../../../core/mysqlwire/handshake_response.ts";
import {
  encodePacket,
  MAX_LOGIN_BYTES,
} from "../../../core/mysqlwire/packet.ts";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { FakeClock } from "../../fakes.ts";
import {
  bytesOf,
  concat,
  message,
  startup,
  uint32,
} from "../../testdata/packets.ts";
import { MOST_TAKEN, sendMuch, untilQuiet } from "./send_much.ts";
import { GREETING, type Pair, startNetworkProxy } from "./network_fixture.ts";

/** What is kept of a client before it has logged in, in bytes. */
const MOST_KEPT = 64 << 10;

/** What is read besides, and forgotten, of who is being told why not. */
const MOST_FORGOTTEN = 64 << 10;

type Engine = Pair["engine"];

const PAIRS = [false, true].flatMap((isClientTls) =>
  (["verify-full", "verify-ca", "require"] as const).map((sslmode) => ({
    ...{ isClientTls, sslmode },
  }))
);

function nameOf({ engine, isClientTls, sslmode }: Pair): string {
  return `${engine}, ${isClientTls ? "TLS" : "plain"} to ${sslmode}`;
}

async function readSome(stream: ByteStream, total: number) {
  const buffer = new Uint8Array(65_536);
  for (let left = total; left > 0;) left -= await stream.read(buffer) ?? left;
}

async function assertHeldUp(pair: Pair) {
  await using proxy = startNetworkProxy(pair, systemClock, false);
  const [down, up] = [await proxy.open(), await proxy.open()];
  const before = proxy.readFromClients;
  const fromDatabase = sendMuch(down.database);
  const fromClient = sendMuch(up.client);
  const sent = () => fromDatabase.sent + fromClient.sent;
  await untilQuiet(sent);
  const [database, client] = [fromDatabase.sent, fromClient.sent];
  const read = proxy.readFromClients - before;
  const of = `of ${nameOf(pair)}`;
  for (const taken of [database, client, read]) {
    assert.ok(0 < taken && taken < MOST_TAKEN, `${taken} bytes ${of}`);
  }
  // It goes on as soon as somebody takes something.
  await Promise.all([
    readSome(down.client, database + (1 << 20)),
    readSome(up.database, client + (1 << 20)),
  ]);
  assert.ok(fromDatabase.sent > database && fromClient.sent > client, of);
  for (const end of [down.client, up.client, down.database, up.database]) {
    end.close();
  }
  await Promise.all([fromDatabase.ended, fromClient.ended]);
}

for (const engine of ["postgres", "mysql"] as const) {
  // security: proxy-memory-bounded
  Deno.test(`Proxy takes no more of one side than the other takes from it, whatever TLS is on either: ${engine}`, async () => {
    await Promise.all(PAIRS.map((pair) => assertHeldUp({ engine, ...pair })));
  });
}

/** The proxy's own part, when its random bytes are all 1. */
const NONCE = btoa("\x01".repeat(18));

const FIRST_PROOF = "n,,n=,r=abc";

/** A client that goes on talking. */
interface Stranger {
  says: string;
  words: Uint8Array;
  /** Whether it is answered a second later: nothing more is read of it until then. */
  isGuess?: boolean;
}

/** What clients say that do not know the password. */
const STRANGERS: Record<Engine, readonly Stranger[]> = {
  postgres: [
    { says: "a start-up packet that does not end", words: uint32(10_000) },
    {
      says: "a message that does not end in place of a proof",
      words: concat(startup({ user: "me" }), bytesOf("p"), uint32(65_535)),
    },
    {
      says: "a wrong proof",
      words: concat(
        startup({ user: "me" }),
        message(
          "p",
          concat(
            bytesOf("SCRAM-SHA-256\0"),
            uint32(FIRST_PROOF.length),
            bytesOf(FIRST_PROOF),
          ),
        ),
        message(
          "p",
          bytesOf(`c=biws,r=abc${NONCE},p=${btoa("\x02".repeat(32))}`),
        ),
      ),
      isGuess: true,
    },
  ],
  mysql: [
    {
      says: "a login that is too long",
      words: encodePacket(1, new Uint8Array(MAX_LOGIN_BYTES + 1)),
    },
    {
      says: "a wrong proof and more than anybody",
      words: encodePacket(
        1,
        concat(
          encodeHandshakeResponse(emptyResponse(GREETING)),
          new Uint8Array(MAX_LOGIN_BYTES - 200),
        ),
      ),
      isGuess: true,
    },
  ],
};

async function assertIgnored(pair: Pair, { says, words, isGuess }: Stranger) {
  const clock = new FakeClock();
  await using proxy = startNetworkProxy(pair, clock, true);
  const { connection } = await proxy.connect();
  const before = proxy.readFromClients;
  const read = () => proxy.readFromClients - before;
  await connection.write(words);
  const talking = sendMuch(connection.stream);
  const of = `of who says ${says} to ${nameOf(pair)}`;
  await untilQuiet(read);
  const limit = MOST_KEPT + (isGuess ? 0 : MOST_FORGOTTEN);
  assert.ok(0 < read() && read() <= limit, `${read()} bytes ${of}`);
  // It has been told why not then, and is hung up on.
  await clock.advance(60_000);
  await talking.ended;
  assert.ok(read() <= MOST_KEPT + MOST_FORGOTTEN, `${read()} bytes ${of}`);
  assert.ok(talking.sent < MOST_TAKEN, `${talking.sent} bytes ${of}`);
  connection.close();
}

for (const engine of ["postgres", "mysql"] as const) {
  // security: proxy-memory-before-login
  Deno.test(`Proxy keeps at most 64 kB of a client that has not logged in, and reads as much again at most: ${engine}`, async () => {
    await Promise.all(
      [false, true].flatMap((isClientTls) =>
        STRANGERS[engine].map((stranger) =>
          assertIgnored({ engine, isClientTls, sslmode: "require" }, stranger)
        )
      ),
    );
  });
}
