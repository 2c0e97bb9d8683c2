import assert from "node:assert/strict";
import { createServer } from "node:tls";
import { createDialer } from "../../../adapters/postgres/dialer.ts";
import { needsNodeTls } from "../../../adapters/postgres/tls.ts";
import {
  createTlsAuthority,
  type TlsAuthority,
} from "../../../adapters/emulator/tls_authority.ts";
import { encodeSslRequest } from "../../../core/pgwire/startup_packet.ts";
import type { Target } from "../../../core/target/target.ts";
import { fakeTarget } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const { host: NAME } = fakeTarget();
const CHECK_NETWORK =
  "Check the endpoint, its security group and the way there: a VPN, or --tunnel through a bastion";

const good = await createTlsAuthority([NAME], new Date());

/** What a server does with a connection. */
type Behaviour = (conn: Deno.TcpConn) => Promise<unknown> | unknown;

/** A server for one test, and a dialer that trusts the good authority. */
function serve(
  behaviour: Behaviour,
  changes: Partial<Target> = {},
  roots = good.ca,
) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const conns: Deno.TcpConn[] = [];
  const serving = (async () => {
    for await (const conn of listener) {
      conns.push(conn);
      await Promise.resolve(behaviour(conn)).catch(() => {});
    }
  })();
  const target = fakeTarget({
    connect: { host: "127.0.0.1", port },
    ...changes,
  });
  const trust = target.sslmode === "require"
    ? { kind: "nothing" as const }
    : { kind: "roots" as const, pem: roots };
  const dialer = createDialer(() => Promise.resolve(trust), {});
  return {
    port,
    dial: (signal = new AbortController().signal) =>
      dialer.dial(target, signal),
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of conns) {
        try {
          conn.close();
        } catch {
          // It is closed already.
        }
      }
      await serving;
    },
  };
}

/** Answers the request for TLS, then hands the bytes on to a TLS server with this certificate. */
function speakTls(authority: TlsAuthority): Behaviour {
  return async (conn) => {
    await readRequest(conn);
    await conn.write(new TextEncoder().encode("S"));
    const server = createServer({
      cert: authority.certificate,
      key: authority.privateKey,
    }, (socket) => {
      socket.on("error", () => {});
      socket.write("hello");
    });
    server.on("tlsClientError", () => {});
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    const address = server.address() as { port: number };
    const inner = await Deno.connect({ port: address.port });
    const ignore = () => {};
    await Promise.race([
      conn.readable.pipeTo(inner.writable).catch(ignore),
      inner.readable.pipeTo(conn.writable).catch(ignore),
    ]);
    server.close();
  };
}

async function readRequest(conn: Deno.TcpConn) {
  const request = new Uint8Array(8);
  await conn.read(request);
  assert.deepEqual(request, encodeSslRequest());
}

/** Says this instead of granting TLS. */
function answer(text: string): Behaviour {
  return async (conn) => {
    await readRequest(conn);
    await conn.write(new TextEncoder().encode(text));
  };
}

// security: name-through-tunnel
Deno.test("createDialer() verifies the server's name and certificate, whatever is dialled", async () => {
  for (const sslmode of ["verify-full", "verify-ca", "require"] as const) {
    await using server = serve(speakTls(good), { sslmode });
    const { stream, address } = await server.dial();
    assert.deepEqual(address, { host: "127.0.0.1", port: server.port });
    const buffer = new Uint8Array(16);
    assert.equal(await stream.read(buffer), 5);
    stream.close();
  }
});

// security: server-verified name-through-tunnel
Deno.test("createDialer() refuses a certificate of another name, another root, or the past", async () => {
  const other = await createTlsAuthority(["other.test"], new Date());
  const stranger = await createTlsAuthority([NAME], new Date());
  const past = await createTlsAuthority(
    [NAME],
    new Date(Date.now() - 800 * 86_400_000),
  );
  const rows: [TlsAuthority, string, string, string][] = [
    [
      other,
      other.ca,
      `its certificate is not for "${NAME}"`,
      "Pass the endpoint's own name as --host, and what to dial as --connect",
    ],
    [
      stranger,
      good.ca,
      "its certificate comes from no trusted root",
      "Name the file of the right roots with --sslrootcert",
    ],
    [
      past,
      past.ca,
      "its certificate has expired",
      "Name the file of the right roots with --sslrootcert",
    ],
  ];
  for (const [authority, roots, why, hint] of rows) {
    await using server = serve(speakTls(authority), {}, roots);
    await assertRefusesLater(server.dial(), {
      kind: "unreachable",
      message: `Database at 127.0.0.1:${server.port} cannot be reached: ${why}`,
      hint,
    });
  }
});

// security: tls-or-nothing
Deno.test("createDialer() goes no further without TLS, or with a server that ends the connection", async () => {
  const noTls =
    "Check that the port is PostgreSQL's; rdsiam never logs in without TLS";
  const rows: [Behaviour, string, string][] = [
    [answer("N"), "the server does not offer TLS", noTls],
    [answer("Sx"), "the server does not offer TLS", noTls],
    [answer("HTTP/1.1 400"), "the server does not offer TLS", noTls],
    [(conn) => conn.close(), "it ended the connection", CHECK_NETWORK],
    [
      async (conn) => {
        await answer("S")(conn);
        await conn.read(new Uint8Array(4096));
        conn.close();
      },
      "it ended the connection",
      CHECK_NETWORK,
    ],
  ];
  for (const [behaviour, why, hint] of rows) {
    await using server = serve(behaviour);
    await assertRefusesLater(server.dial(), {
      kind: "unreachable",
      message: `Database at 127.0.0.1:${server.port} cannot be reached: ${why}`,
      hint,
    });
  }
});

Deno.test("createDialer() says that nothing listens, and that a name has no address", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const dialer = createDialer(() => Promise.resolve({ kind: "system" }), {});
  const { signal } = new AbortController();
  const dial = (host: string) =>
    dialer.dial(fakeTarget({ connect: { host, port } }), signal);
  await assertRefusesLater(dial("127.0.0.1"), {
    kind: "unreachable",
    message:
      `Database at 127.0.0.1:${port} cannot be reached: nothing listens there`,
    hint: CHECK_NETWORK,
  });
  await assertRefusesLater(dial("nowhere.invalid"), {
    kind: "unreachable",
    message:
      `Database at nowhere.invalid:${port} cannot be reached: the name has no address`,
    hint: "Check the host name",
  });
});

Deno.test("createDialer() stops when it is told to, at each stage, and leaves no socket behind", async () => {
  const stages: Behaviour[] = [() => {}, answer("S")];
  for (const stage of stages) {
    await using server = serve(stage);
    const giveUp = new AbortController();
    const dialled = server.dial(giveUp.signal);
    setTimeout(() => giveUp.abort(), 50);
    await assert.rejects(dialled);
  }
  const aborted = AbortSignal.abort();
  await using server = serve(() => {});
  await assert.rejects(server.dial(aborted));
});

// security: proxy-authorities
Deno.test("needsNodeTls() keeps what Deno would add to the given roots out of a database's", () => {
  const roots = { kind: "roots", pem: good.ca } as const;
  const full = { sslmode: "verify-full", trust: roots } as const;
  assert.equal(needsNodeTls(full, {}), false);
  for (
    const environment of [
      { NODE_EXTRA_CA_CERTS: "/corp.pem" },
      { DENO_CERT: "/corp.pem" },
      { DENO_TLS_CA_STORE: "system" },
      { DENO_TLS_CA_STORE: "mozilla,system" },
    ]
  ) assert.equal(needsNodeTls(full, environment), true);
  for (
    const environment of [{ DENO_TLS_CA_STORE: "mozilla" }, { DENO_CERT: "" }]
  ) assert.equal(needsNodeTls(full, environment), false);
  assert.equal(needsNodeTls({ ...full, sslmode: "verify-ca" }, {}), true);
  // Any authority is meant then.
  const system = { ...full, trust: { kind: "system" } } as const;
  assert.equal(needsNodeTls(system, { DENO_CERT: "/corp.pem" }), false);
});
