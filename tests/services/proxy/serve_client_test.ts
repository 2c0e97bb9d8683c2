import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import { decodeErrorFields } from "../../../core/pgwire/error_response.ts";
import { PacketBuffer } from "../../../core/pgwire/packet_buffer.ts";
import { decodeStartupPacket } from "../../../core/pgwire/startup_packet.ts";
import { type MemoryStream, settle } from "../../fakes.ts";
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
import {
  askForToken,
  databaseError,
  KEY,
  letIn,
  OK,
  prepare,
  readStartup,
  READY,
  type Upstream,
  WELCOME,
} from "./fixture.ts";

const STARTUP = startup({ user: "me", database: "sales" });

/** What an error says that is all a client has heard. */
async function errorOf(client: MemoryStream) {
  const buffer = new PacketBuffer();
  buffer.push(await client.received());
  const taken = buffer.takeMessage();
  assert.equal(taken?.type, "E");
  return decodeErrorFields(taken.body);
}

Deno.test("Proxy logs in as the target's user, and hands the database's welcome on", async () => {
  let seen: unknown;
  const { connect, events } = prepare({
    async answer(upstream) {
      const bytes = await readStartup(upstream);
      assert.ok(bytes);
      seen = decodeStartupPacket(bytes);
      assert.equal(await askForToken(upstream), "token-1");
      await upstream.stream.write(WELCOME);
    },
  });
  const client = await connect(startup({
    user: "me",
    database: "sales",
    application_name: "test",
    options: "-c a=b",
  }));
  assert.deepEqual(await client.received(), WELCOME);
  assert.deepEqual(seen, {
    kind: "startup",
    minor: 0,
    parameters: new Map(Object.entries({
      user: "app",
      database: "sales",
      application_name: "test",
      options: "-c a=b",
    })),
  });
  assert.deepEqual(events, [{
    kind: "login",
    client: "127.0.0.1",
    target: "orders",
    username: "app",
    database: "sales",
    connectMs: 0,
    loginMs: 0,
  }]);
});

Deno.test("Proxy carries what comes after the login both ways, and ends both sides once", async () => {
  const { connect, upstreams, events, proxy } = prepare();
  const client = await connect(STARTUP);
  await client.received();
  await client.write(bytesOf("Qquery"));
  const [upstream] = upstreams;
  assert.ok(upstream);
  assert.deepEqual(await upstream.stream.received(), bytesOf("Qquery"));
  await upstream.stream.write(bytesOf("rows"));
  assert.deepEqual(await client.received(), bytesOf("rows"));
  client.close();
  await settle();
  assert.equal(upstream.stream.isClosed, true);
  assert.equal(proxy.sessions.size, 0);
  assert.deepEqual(events.at(-1), {
    kind: "end",
    client: "127.0.0.1",
    target: "orders",
    endedBy: "client",
    fromClient: 6,
    fromUpstream: 4,
    durationMs: 0,
  });
});

Deno.test("Proxy declines TLS and GSSAPI where it has none, and refuses direct TLS", async () => {
  const { connect, events } = prepare();
  const client = await connect(GSSENC_REQUEST);
  assert.deepEqual(await client.received(), bytesOf("N"));
  await client.write(SSL_REQUEST);
  assert.deepEqual(await client.received(), bytesOf("N"));
  await client.write(STARTUP);
  assert.deepEqual(await client.received(), WELCOME);
  const direct = await connect(Uint8Array.of(0x16, 3, 1, 0, 5));
  assert.deepEqual(await direct.received(), new Uint8Array());
  assert.equal(direct.isClosed, true);
  assert.equal(events.at(-1)?.kind, "refusal");
});

Deno.test("Proxy speaks 3.2 with who asks for it or for more, and asks the database for no more", async () => {
  for (const [asked, answer] of [[2, ""], [9, "v"]] as const) {
    let minor: number | undefined;
    const { connect } = prepare({
      async answer(upstream) {
        const bytes = await readStartup(upstream);
        const decoded = bytes && decodeStartupPacket(bytes);
        if (decoded?.kind === "startup") minor = decoded.minor;
        // An older database answers with a lower version; the client need not know.
        await upstream.stream.write(
          message("v", concat(uint32(0x30000), uint32(0))),
        );
        await upstream.stream.write(WELCOME);
      },
    });
    const client = await connect(
      packet(0x30000 | asked, bytesOf("user\0x\0\0")),
    );
    const heard = await client.received();
    assert.equal(minor, 2);
    assert.equal(
      String.fromCharCode(...heard.subarray(0, answer.length)),
      answer,
    );
    assert.deepEqual(heard.subarray(-WELCOME.length), WELCOME);
  }
});

Deno.test("Proxy tries a refused token once more with a new one, on a new connection", async () => {
  const tokens: unknown[] = [];
  const { connect } = prepare({
    async answer(upstream, nth) {
      await readStartup(upstream);
      tokens.push(await askForToken(upstream));
      await upstream.stream.write(
        nth === 1
          ? databaseError("28000", 'PAM authentication failed for user "app"')
          : WELCOME,
      );
    },
  });
  const client = await connect(STARTUP);
  assert.deepEqual(await client.received(), WELCOME);
  assert.deepEqual(tokens, ["token-1", "token-2"]);
});

Deno.test("Proxy passes on a second refusal as it is, with the likely cause as its hint", async () => {
  const { connect, events, upstreams } = prepare({
    async answer(upstream) {
      await readStartup(upstream);
      await askForToken(upstream);
      await upstream.stream.write(
        databaseError("28000", 'PAM authentication failed for user "app"'),
      );
    },
  });
  const error = await errorOf(await connect(STARTUP));
  assert.equal(error.message, 'PAM authentication failed for user "app"');
  assert.match(error.hint ?? "", /allowed rds-db:connect/);
  assert.equal(upstreams.length, 2);
  assert.ok(upstreams.every(({ stream }) => stream.isClosed));
  const event = events.at(-1);
  assert.equal(event?.kind === "refusal" && event.reason, "refused");
  assert.equal(
    event?.kind === "refusal" && event.why,
    "the database does not accept the token",
  );
});

// security: token-in-clear-question-only
Deno.test("Proxy gives its token to no other question than for a password in clear", async () => {
  let received: Uint8Array | undefined;
  const { connect } = prepare({
    async answer(upstream) {
      await readStartup(upstream);
      await upstream.stream.write(
        message("R", concat(uint32(10), bytesOf("SCRAM-SHA-256\0\0"))),
      );
      received = await upstream.stream.received();
    },
  });
  const error = await errorOf(await connect(STARTUP));
  assert.equal(error.code, "28000");
  assert.match(error.hint ?? "", /not in rds_iam/);
  assert.deepEqual(received, new Uint8Array());
});

Deno.test("Proxy says 08006 when the database ends the connection, speaks nonsense or is not there", async () => {
  const rows: [(upstream: Upstream) => void, RegExp][] = [
    [({ stream }) => stream.close(), /ended the connection/],
    [
      async (upstream) => {
        await readStartup(upstream);
        await upstream.stream.write(bytesOf("HTTP/1.1 400 Bad Request\r\n"));
      },
      /does not speak as PostgreSQL/,
    ],
    [
      async (upstream) => {
        await upstream.stream.write(OK);
        upstream.stream.close();
      },
      /ended the connection/,
    ],
  ];
  for (const [answer, pattern] of rows) {
    const { connect, upstreams, proxy } = prepare({ answer });
    const client = await connect(STARTUP);
    const bytes = await client.received();
    const text = new TextDecoder().decode(bytes);
    assert.match(text, /C08006/);
    assert.match(text, pattern);
    assert.ok(upstreams.every(({ stream }) => stream.isClosed));
    assert.equal(proxy.sessions.size, 0);
  }
  const { connect, dialler } = prepare();
  dialler.error = new RdsiamError("unreachable", "Nothing listens", {
    hint: "Check the network",
  });
  assert.deepEqual(await errorOf(await connect(STARTUP)), {
    code: "08006",
    message: "Nothing listens",
    hint: "Check the network",
  });
});

Deno.test("Proxy gives up on a database that does not answer in a minute", async () => {
  for (const stage of ["dial", "login"]) {
    const { connect, dialler, clock, upstreams } = prepare({ answer() {} });
    dialler.hangs = stage === "dial";
    const client = await connect(STARTUP);
    await clock.advance(59_999);
    assert.deepEqual(await client.received(), new Uint8Array());
    await clock.advance(1);
    const { code, message } = await errorOf(client);
    assert.equal(code, "08006");
    assert.equal(message, "the database did not answer in time");
    assert.ok(upstreams.every(({ stream }) => stream.isClosed));
    assert.equal(clock.sleepers, 0);
  }
});

Deno.test("Proxy says why while credentials are gone, and goes on when they are back", async () => {
  const { connect, signer, clock } = prepare();
  signer.fail("The SSO session has expired");
  const error = await errorOf(await connect(STARTUP));
  assert.equal(error.code, "28000");
  assert.equal(error.message, "The SSO session has expired");
  signer.recover();
  await clock.advance(5_000);
  const client = await connect(STARTUP);
  assert.deepEqual(await client.received(), WELCOME);
});

Deno.test("Proxy ends a client that takes too long to say what it wants", async () => {
  for (const first of [new Uint8Array(), STARTUP.subarray(0, 9)]) {
    const { connect, clock, events } = prepare();
    const client = await connect(first);
    await clock.advance(9_999);
    assert.deepEqual(await client.received(), new Uint8Array());
    await clock.advance(1);
    assert.equal((await errorOf(client)).code, "57014");
    await clock.advance(1_000);
    assert.equal(client.isClosed, true);
    const event = events.at(-1);
    assert.equal(event?.kind === "refusal" && event.reason, "timeout");
  }
});

Deno.test("Proxy closes without a word on who does not speak PostgreSQL, as PostgreSQL does, and logs it once", async () => {
  for (
    const bytes of [
      bytesOf("X\0\0\0\x04"),
      bytesOf("GET / HTTP/1.1\r\n\r\n"),
      new Uint8Array(64),
      uint32(7),
      uint32(10_001),
    ]
  ) {
    const { connect, upstreams, events } = prepare();
    const client = await connect(bytes);
    assert.deepEqual(await client.received(), new Uint8Array());
    assert.equal(client.isClosed, true);
    assert.equal(upstreams.length, 0);
    assert.deepEqual(
      events.map((event) => event.kind === "refusal" && event.reason),
      ["protocol"],
    );
  }
});

Deno.test("Proxy refuses start-up packets that it cannot read", async () => {
  for (
    const bytes of [
      packet(0x20000),
      packet(0x30000, bytesOf("user")),
    ]
  ) {
    const { connect, upstreams } = prepare();
    const client = await connect(bytes);
    assert.equal((await errorOf(client)).code, "08P01");
    assert.equal(upstreams.length, 0);
  }
});

Deno.test("Proxy lets go of a client that vanishes, at each stage", async () => {
  const rows: [Uint8Array, boolean][] = [
    [new Uint8Array(), false],
    [SSL_REQUEST, false],
    [STARTUP.subarray(0, 9), false],
    [STARTUP, true],
    [STARTUP, false],
  ];
  for (const [first, needsPassword] of rows) {
    const { connect, proxy, clock, upstreams } = prepare({
      listener: { needsPassword },
    });
    const client = await connect(first);
    client.close();
    await proxy.drain(0, new AbortController().signal);
    assert.equal(clock.sleepers, 0);
    assert.ok(upstreams.every(({ stream }) => stream.isClosed));
  }
});

Deno.test("Proxy refuses politely when it has as many sessions as it takes, and takes the next", async () => {
  const { connect, events } = prepare({ options: { maxConnections: 2 } });
  const clients = [await connect(STARTUP), await connect(STARTUP)];
  const error = await errorOf(await connect(STARTUP));
  assert.equal(error.code, "53300");
  assert.match(error.message, /connections as it takes: 2/);
  const event = events.at(-1);
  assert.equal(event?.kind === "refusal" && event.reason, "limit");
  clients[0]?.close();
  await settle();
  assert.deepEqual(await (await connect(STARTUP)).received(), WELCOME);
});

Deno.test("Proxy refuses politely when a thousand are logging in already", async () => {
  const { connect, clock } = prepare();
  for (let n = 0; n < 1000; n++) await connect();
  assert.equal((await errorOf(await connect(STARTUP))).code, "53300");
  await clock.advance(10_000);
  assert.deepEqual(await (await connect(STARTUP)).received(), WELCOME);
});

Deno.test("Proxy lets logins through at its rate, in their order", async () => {
  const times: number[] = [];
  const { connect, clock } = prepare({
    options: { connectRate: 10 },
    answer(upstream) {
      times.push(clock.now());
      return letIn(upstream);
    },
  });
  const start = clock.now();
  for (let n = 0; n < 4; n++) await connect(STARTUP);
  await clock.advance(1_000);
  assert.deepEqual(times.map((time) => time - start), [0, 100, 200, 300]);
});

Deno.test("Proxy refuses a login whose turn would come too late", async () => {
  const { connect, clock } = prepare({ options: { connectRate: 1 } });
  const clients = [];
  for (let n = 0; n < 23; n++) clients.push(await connect(STARTUP));
  const last = clients.at(-1);
  assert.ok(last);
  const { code, message } = await errorOf(last);
  assert.equal(code, "53300");
  assert.match(message, /wait for their turn/);
  await clock.advance(20_000);
  const [first] = clients;
  assert.deepEqual(await first?.received(), WELCOME);
});

Deno.test("Proxy carries a cancel request to the very server of its session, and ignores others", async () => {
  const { connect, upstreams, events } = prepare({
    answer: (upstream, nth) => nth === 1 ? letIn(upstream) : undefined,
  });
  const session = await connect(STARTUP);
  const canceller = await connect(CANCEL_REQUEST);
  const [, cancelled] = upstreams;
  assert.deepEqual(cancelled?.address, { host: "10.0.0.1", port: 5432 });
  assert.deepEqual(
    cancelled && await readStartup(cancelled),
    CANCEL_REQUEST,
  );
  assert.equal(canceller.isClosed, false);
  cancelled?.stream.close();
  await settle();
  assert.equal(canceller.isClosed, true);
  assert.equal(events.at(-1)?.kind, "cancel");

  const wrong = concat(KEY.subarray(0, 4), uint32(8));
  const stranger = await connect(packet(80877102, wrong));
  assert.equal(stranger.isClosed, true);
  assert.deepEqual(await stranger.received(), new Uint8Array());
  session.close();
  await settle();
  await connect(CANCEL_REQUEST);
  assert.equal(upstreams.length, 2);
});

Deno.test("Proxy tells an idle client why its session ends, and says nothing within a message", async () => {
  for (
    const [sent, isTold] of [
      [READY, true],
      // It has run no query: the login's last message counts.
      [new Uint8Array(), true],
      [bytesOf("D\0"), false],
    ] as const
  ) {
    const { connect, upstreams } = prepare();
    const client = await connect(STARTUP);
    const [upstream] = upstreams;
    assert.ok(upstream);
    await upstream.stream.write(sent);
    await client.received();
    upstream.stream.close();
    if (isTold) assert.equal((await errorOf(client)).code, "08006");
    else assert.deepEqual(await client.received(), new Uint8Array());
    assert.equal(client.isClosed, true);
  }
});

Deno.test("Proxy.drain() waits for the sessions, then ends them with 57P01", async () => {
  const { connect, upstreams, clock, proxy } = prepare();
  const idle = await connect(STARTUP);
  await idle.received();
  const client = await connect(STARTUP);
  await upstreams[1]?.stream.write(READY);
  await client.received();
  let isDone = false;
  const drained = proxy.drain(30_000, new AbortController().signal)
    .then(() => isDone = true);
  await clock.advance(29_999);
  assert.equal(isDone, false);
  assert.equal(client.isClosed, false);
  await clock.advance(1);
  assert.equal((await errorOf(client)).code, "57P01");
  assert.equal((await errorOf(idle)).code, "57P01");
  await drained;
  assert.equal(upstreams[0]?.stream.isClosed, true);
});

Deno.test("Proxy.drain() is over with the last session, or at once when it is told so", async () => {
  const { connect, proxy } = prepare();
  const client = await connect(STARTUP);
  const drained = proxy.drain(30_000, new AbortController().signal);
  client.close();
  await drained;
  const other = prepare();
  const hurry = new AbortController();
  const left = await other.connect(STARTUP);
  const hurried = other.proxy.drain(30_000, hurry.signal);
  hurry.abort();
  await hurried;
  assert.equal(left.isClosed, true);
});

Deno.test("Proxy.close() sends away at once who has not logged in", async () => {
  for (
    const [first, needsPassword] of [
      [new Uint8Array(), false],
      [STARTUP, true],
      [STARTUP, false],
    ] as const
  ) {
    const { connect, clock, proxy, upstreams } = prepare({
      listener: { needsPassword },
      answer() {},
    });
    const client = await connect(first);
    await proxy.close();
    assert.equal(client.isClosed, true);
    assert.ok(upstreams.every(({ stream }) => stream.isClosed));
    assert.equal(clock.sleepers, 0);
  }
});

Deno.test("Proxy names no target to who does not know the password, and keeps the places for who does", async () => {
  const { connect } = prepare({
    listener: { isShared: true, needsPassword: true },
    options: { maxConnections: 1 },
  });
  for (let n = 0; n < 2; n++) {
    const client = await connect(startup({ user: "me", database: "x@none" }));
    const buffer = new PacketBuffer();
    buffer.push(await client.received());
    assert.equal(buffer.takeMessage()?.type, "R");
    assert.equal(buffer.peek(), undefined);
  }
});
