import assert from "node:assert/strict";
import { postgresDatabase } from "../../../adapters/postgres/admin.ts";
import { dialPostgres } from "../../../adapters/postgres/tls.ts";
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import type { Connection } from "../../../services/connection/connection.ts";
import type { DatabaseLogin } from "../../../core/database/database.ts";
import { Secret } from "../../../core/secret.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { serveConnections } from "../../serve_connections.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const { ca, certificate, privateKey } = await createTlsAuthority(
  [HOST],
  new Date(),
);
const other = await createTlsAuthority([HOST], new Date());

/** Listens as a server that answers an SSLRequest with these bytes and then does what the test wants. */
function serve(
  answer: string,
  then: (client: Connection) => Promise<void> | void = () => {},
) {
  const tls = { certificate, privateKey, protocols: [] };
  return serveConnections(tls, async (client) => {
    await client.read();
    if (answer !== "") await client.write(new TextEncoder().encode(answer));
    await then(client);
  });
}

async function startTls(client: Connection) {
  try {
    await client.startTls(new Uint8Array());
  } catch {
    // The client did not like the certificate.
  }
}

function login(
  port: number,
  changes: Partial<DatabaseLogin> = {},
): DatabaseLogin {
  return {
    address: { host: "127.0.0.1", port },
    serverName: HOST,
    sslmode: "verify-full",
    trust: { kind: "roots", pem: ca },
    database: "postgres",
    username: "postgres",
    password: new Secret("never to be seen"),
    method: "password",
    ...changes,
  };
}

const ACCEPTED: [string, Partial<DatabaseLogin>][] = [
  ["verify-full and the right name", {}],
  ["verify-ca and another name", {
    sslmode: "verify-ca",
    serverName: "other.example",
  }],
  ["require and a root", { sslmode: "require", serverName: "other.example" }],
  ["require and nothing to verify by", {
    sslmode: "require",
    trust: { kind: "nothing" },
  }],
];

for (const [name, changes] of ACCEPTED) {
  Deno.test(`dialPostgres() connects with ${name}`, async () => {
    await using server = serve("S", startTls);
    const socket = await dialPostgres(login(server.port, changes));
    socket.destroy();
  });
}

const NAME_HINT =
  "Pass the endpoint's own name as --host, and what to dial as --connect";
const ROOT_HINT = "Name the file of the right roots with --sslrootcert";
const REFUSED: [string, Partial<DatabaseLogin>, string, string][] = [
  [
    "another name with verify-full",
    { serverName: "other.example" },
    'its certificate is not for "other.example"',
    NAME_HINT,
  ],
  [
    "another name without roots of one's own",
    { serverName: "other.example", trust: { kind: "system" } },
    "its certificate comes from no trusted root",
    ROOT_HINT,
  ],
  [
    "another root with verify-full",
    { trust: { kind: "roots", pem: other.ca } },
    "its certificate comes from no trusted root",
    ROOT_HINT,
  ],
  [
    "another root with verify-ca",
    { sslmode: "verify-ca", trust: { kind: "roots", pem: other.ca } },
    "its certificate comes from no trusted root",
    ROOT_HINT,
  ],
  [
    "another root with require",
    { sslmode: "require", trust: { kind: "roots", pem: other.ca } },
    "its certificate comes from no trusted root",
    ROOT_HINT,
  ],
];

for (const [name, changes, why, hint] of REFUSED) {
  // security: admin-authorities
  Deno.test(`dialPostgres() refuses ${name}`, async () => {
    await using server = serve("S", startTls);
    await assertRefusesLater(dialPostgres(login(server.port, changes)), {
      kind: "unreachable",
      message: `Database at 127.0.0.1:${server.port} cannot be reached: ${why}`,
      hint,
    });
  });
}

for (const answer of ["N", "E", "Sx"]) {
  // security: tls-or-nothing
  Deno.test(`dialPostgres() goes on with nothing but TLS when the server answers "${answer}"`, async () => {
    await using server = serve(answer);
    await assert.rejects(
      dialPostgres(login(server.port)),
      /: the server does not offer TLS$/,
    );
  });
}

Deno.test("dialPostgres() refuses to verify by nothing unless sslmode is require", async () => {
  await assert.rejects(
    dialPostgres(login(1, { trust: { kind: "nothing" } })),
    RangeError,
  );
});

Deno.test("dialPostgres() gives up on a server that does not answer", async () => {
  await using server = serve("");
  await assert.rejects(
    dialPostgres(login(server.port), 100),
    /: it did not answer in time$/,
  );
});

Deno.test("dialPostgres() fails when the server hangs up", async () => {
  await using server = serve("", (client) => client.close());
  await assert.rejects(
    dialPostgres(login(server.port)),
    /cannot be reached: it ended the connection$/,
  );
});

Deno.test("dialPostgres() says when nothing listens, and when a name has no address", async () => {
  const server = serve("");
  const { port } = server;
  await server[Symbol.asyncDispose]();
  await assert.rejects(dialPostgres(login(port)), /: nothing listens there$/);
  await assert.rejects(
    dialPostgres(login(port, { address: { host: "nowhere.invalid", port } })),
    /^RdsiamError: Database at nowhere.invalid:\d+ cannot be reached: the name (has no address|cannot be looked up)$/,
  );
});

Deno.test("logIn() fails once, without the password, when the server hangs up after TLS", async () => {
  let connections = 0;
  await using server = serve("S", async (client) => {
    connections++;
    await client.startTls(new Uint8Array());
    await client.read();
    client.close();
  });
  await assertRefusesLater(postgresDatabase.logIn(login(server.port)), {
    kind: "unreachable",
    message: "Login failed: the database ended the connection",
  });
  assert.equal(connections, 1);
});
