import assert from "node:assert/strict";
import {
  createTlsAuthority,
  type TlsAuthority,
} from "../../../adapters/emulator/tls_authority.ts";
import {
  type TemporaryFolder,
  temporaryFolder,
} from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { startProxy, toApp } from "./proxy.ts";
import { rdsiam, run } from "../rdsiam.ts";

let emulator: Emulator;
let folder: TemporaryFolder;
let authority: TlsAuthority;

Deno.test.beforeAll(async () => {
  folder = await temporaryFolder();
  authority = await createTlsAuthority(["127.0.0.1"], new Date());
  for (
    const [name, text] of Object.entries({
      "ca.pem": authority.ca,
      "cert.pem": authority.certificate,
      "key.pem": authority.privateKey,
    })
  ) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text, { mode: 0o600 });
  }
  emulator = await startEmulator();
  await emulator.query("create role app login", "grant rds_iam to app");
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function tls(): string[] {
  const { path } = folder;
  return ["--tls-cert", `${path}/cert.pem`, "--tls-key", `${path}/key.pem`];
}

Deno.test("psql logs in through proxy within TLS, verified, and without", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy([...toApp(emulator), ...tls()]);
  for (
    const [sslmode, state] of [["verify-full", "SSL connection"], [
      "disable",
      "",
    ]]
  ) {
    const { stdout, stderr } = await run([
      ...[
        "psql",
        "-XAtq",
        "-c",
        "select session_user",
        "-c",
        "\\conninfo",
      ] as const,
      `host=127.0.0.1 port=${proxy.port} user=me dbname=postgres sslmode=${sslmode} sslrootcert=${folder.path}/ca.pem`,
    ], { env: { PGPASSWORD: proxy.password } });
    assert.equal(stderr, "");
    assert.match(stdout, new RegExp(`^app\\n[^]*${state}`));
  }
  const long = await proxy.psql(
    "select length(string_agg(repeat('x', 1000), '')) from generate_series(1, 9000)",
    { PGSSLMODE: "require" },
  );
  assert.equal(long.stdout, "9000000\n");
  const rows = await proxy.psql("select repeat('x', 5000000)", {
    PGSSLMODE: "require",
  });
  assert.equal(rows.stdout.length, 5_000_001);
});

Deno.test("proxy takes TLS from the first byte, where the client speaks of PostgreSQL by ALPN", async () => {
  await using proxy = await startProxy([...toApp(emulator), ...tls()]);
  for (
    const [alpnProtocols, isTaken] of [[["postgresql"], true], [
      [],
      false,
    ]] as const
  ) {
    const conn = await Deno.connectTls({
      ...{ hostname: "127.0.0.1", port: proxy.port, caCerts: [authority.ca] },
      alpnProtocols: [...alpnProtocols],
    });
    await conn.write(new Uint8Array([0, 0, 0, 9, 0, 3, 0, 0, 0]));
    const answer = new Uint8Array(64);
    await conn.read(answer);
    assert.equal(String.fromCharCode(answer[0] ?? 0), isTaken ? "R" : "E");
    conn.close();
  }
});

Deno.test("proxy waits for sessions within TLS too on SIGTERM", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy([...toApp(emulator), ...tls()]);
  const slow = proxy.psql("select pg_sleep(1), 'done'", {
    PGSSLMODE: "require",
  });
  await emulator.untilActive("app", "pg_sleep(1)");
  proxy.kill("SIGTERM");
  assert.equal((await slow).stdout, "|done\n");
  assert.equal((await proxy.status).code, 0);
});

Deno.test("proxy says which file of its certificate cannot be read", async () => {
  const { code, stderr } = await rdsiam([
    ...["proxy", ...toApp(emulator), "--tls-cert", "/nowhere/cert.pem"],
    ...["--tls-key", `${folder.path}/key.pem`],
  ]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: File "\/nowhere\/cert\.pem" of --tls-cert cannot be read: No such file /,
  );
});
