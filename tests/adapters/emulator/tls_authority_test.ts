import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import {
  createTlsAuthority,
  type TlsAuthority,
} from "../../../adapters/emulator/tls_authority.ts";
import { isMissing, run } from "../../programs.ts";

const NAME =
  "a-database-with-quite-a-long-name-of-its-own.cluster-c0123456789a.eu-central-1.rds.amazonaws.com";
const HOSTS = [NAME, "127.0.0.1", "::1"];

Deno.test("createTlsAuthority() makes an authority and a server certificate", async () => {
  const { ca, certificate } = await createTlsAuthority(HOSTS, new Date());
  const authority = new X509Certificate(ca);
  const server = new X509Certificate(certificate);
  assert.equal(authority.ca, true);
  assert.equal(server.ca, false);
  assert.equal(server.issuer, authority.subject);
  assert.notEqual(server.fingerprint256, authority.fingerprint256);
});

Deno.test("createTlsAuthority() makes certificates for a year from an hour ago", async () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const { ca, certificate } = await createTlsAuthority(HOSTS, now);
  for (const pem of [ca, certificate]) {
    const { validFrom, validTo } = new X509Certificate(pem);
    assert.equal(
      new Date(validFrom).toISOString(),
      "2026-03-01T11:00:00.000Z",
    );
    assert.equal(new Date(validTo).toISOString(), "2027-03-01T12:00:00.000Z");
  }
});

Deno.test("createTlsAuthority() refuses to make a certificate for no host", async () => {
  await assert.rejects(
    createTlsAuthority([], new Date()),
    new RangeError("Cannot make a server certificate: no host is given"),
  );
});

Deno.test("createTlsAuthority() makes certificates that OpenSSL verifies strictly", async (t) => {
  if (await isMissing(t, "openssl")) return;
  const folder = await Deno.makeTempDir();
  try {
    const { ca, certificate } = await createTlsAuthority(HOSTS, new Date());
    await Deno.writeTextFile(`${folder}/ca.pem`, ca);
    await Deno.writeTextFile(`${folder}/server.pem`, certificate);
    for (const host of [["-verify_hostname", NAME], ["-verify_ip", "::1"]]) {
      const { code, output } = await run("openssl", [
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        ...host,
        "-CAfile",
        `${folder}/ca.pem`,
        `${folder}/server.pem`,
      ]);
      assert.equal(output, `${folder}/server.pem: OK\n`);
      assert.equal(code, 0);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createTlsAuthority() makes certificates that Deno trusts, by name and address", async () => {
  const { ca, certificate, privateKey } = await createTlsAuthority(
    HOSTS,
    new Date(),
  );
  using listener = Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    cert: certificate,
    key: privateKey,
  });
  const served = serveGreetings(listener);
  const { port } = listener.addr;
  for (const hostname of [NAME, "127.0.0.1"]) {
    const plain = await Deno.connect({ hostname: "127.0.0.1", port });
    using secure = await Deno.startTls(plain, { hostname, caCerts: [ca] });
    assert.equal(await readText(secure), "hello");
  }
  const plain = await Deno.connect({ hostname: "127.0.0.1", port });
  using secure = await Deno.startTls(plain, {
    hostname: "another.example",
    caCerts: [ca],
  });
  await assert.rejects(
    secure.handshake(),
    /certificate not valid for name "another.example"/,
  );
  listener.close();
  await served;
});

Deno.test("createTlsAuthority() makes certificates that psql verifies in full", async (t) => {
  if (await isMissing(t, "psql")) return;
  const authority = await createTlsAuthority(HOSTS, new Date());
  const folder = await Deno.makeTempDir();
  const server = createServer((socket) => answerPsql(socket, authority));
  try {
    await Deno.writeTextFile(`${folder}/ca.pem`, authority.ca);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const connection =
      `hostaddr=127.0.0.1 port=${address.port} user=u dbname=d sslmode=verify-full sslrootcert=${folder}/ca.pem`;
    const good = await run("psql", [`${connection} host=${NAME}`]);
    assert.match(good.output, /FATAL: {2}verified/);
    const bad = await run("psql", [`${connection} host=another.example`]);
    assert.match(bad.output, /does not match host name "another\.example"/);
  } finally {
    server.close();
    await Deno.remove(folder, { recursive: true });
  }
});

/** Does as a PostgreSQL server does up to the start of the session, and then refuses it. */
async function answerPsql(socket: Socket, authority: TlsAuthority) {
  await once(socket, "readable");
  socket.read(8);
  socket.write("S");
  const tls = createTlsServer({
    key: authority.privateKey,
    cert: authority.certificate,
    ALPNProtocols: ["postgresql"],
  }, (secure) => {
    const fields = "SFATAL\0C28000\0Mverified\0\0";
    secure.on("error", () => {});
    secure.once("data", () => {
      const length = new Uint8Array([0, 0, 0, 4 + fields.length]);
      secure.write("E");
      secure.write(length);
      secure.end(fields);
    });
  });
  tls.on("tlsClientError", () => {});
  tls.emit("connection", socket);
}

async function serveGreetings(listener: Deno.TlsListener) {
  for await (const connection of listener) {
    try {
      await connection.write(new TextEncoder().encode("hello"));
    } catch {
      // The client did not trust us.
    }
    connection.close();
  }
}

async function readText(connection: Deno.Conn): Promise<string> {
  return await new Response(connection.readable).text();
}
