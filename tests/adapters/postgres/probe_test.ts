import assert from "node:assert/strict";
import { postgresProbe } from "../../../adapters/postgres/probe.ts";
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import { negotiate } from "../../../services/connection/negotiate.ts";
import { fakeTarget } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { serveConnections } from "../../serve_connections.ts";

const { host: NAME } = fakeTarget();
const CHECK_NETWORK =
  "Check the endpoint, its security group and the way there: a VPN, or --tunnel through a bastion";

/** A server that speaks TLS as PostgreSQL does, with a certificate for these names. */
async function serve(names: string[]) {
  const authority = await createTlsAuthority(names, new Date());
  const server = serveConnections(
    { ...authority, protocols: [] },
    (client) => negotiate(client).catch(() => {}),
  );
  return {
    ...server,
    address: { host: "127.0.0.1", port: server.port },
    ca: authority.ca,
  };
}

Deno.test("connect() comes back where something listens, and says why where nothing does", async () => {
  await using server = await serve([NAME]);
  const { signal } = new AbortController();
  await postgresProbe.connect(server.address, signal);
  await assertRefusesLater(
    postgresProbe.connect({ host: "127.0.0.1", port: 1 }, signal),
    {
      kind: "unreachable",
      message:
        "Database at 127.0.0.1:1 cannot be reached: nothing listens there",
      hint: CHECK_NETWORK,
    },
  );
});

Deno.test("connect() gives up when it is told to", async () => {
  await assertRefusesLater(
    postgresProbe.connect({ host: "127.0.0.1", port: 1 }, AbortSignal.abort()),
    {
      kind: "unreachable",
      message:
        "Database at 127.0.0.1:1 cannot be reached: it did not answer in time",
      hint: CHECK_NETWORK,
    },
  );
});

Deno.test("certificate() verifies as a login does, and tells names and end", async () => {
  const names = [NAME, "*.example.com"];
  await using server = await serve(names);
  const login = {
    address: server.address,
    serverName: NAME,
    sslmode: "verify-full",
    trust: { kind: "roots", pem: server.ca },
  } as const;
  const certificate = await postgresProbe.certificate(login);
  assert.deepEqual(certificate.names, names);
  const days = (certificate.expiresAt - Date.now()) / 86_400_000;
  assert.ok(days > 364 && days < 366, `${days}`);

  await assertRefusesLater(
    postgresProbe.certificate({ ...login, serverName: "other.example.org" }),
    {
      kind: "unreachable",
      message:
        `Database at 127.0.0.1:${server.address.port} cannot be reached: its certificate is not for "other.example.org"`,
      hint:
        "Pass the endpoint's own name as --host, and what to dial as --connect",
    },
  );
  const unverified = await postgresProbe.certificate({
    ...login,
    serverName: "other.example.org",
    sslmode: "require",
    trust: { kind: "nothing" },
  });
  assert.deepEqual(unverified, certificate);
});
