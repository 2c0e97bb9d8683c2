import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { rdsiam, run } from "../rdsiam.ts";
import { startProxy, toApp } from "./proxy.ts";

let emulator: Emulator;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query("create role app login", "grant rds_iam to app");
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

Deno.test("bytes that are no UTF-8 are carried through the proxy and the emulator as they are", async (t) => {
  if (await isMissing(t, "psql", "bash")) return;
  await using proxy = await startProxy(toApp(emulator));
  // A server shows such bytes as \xe9, since 15; what matters is that it lets the client in.
  const ask =
    "PGAPPNAME=$'caf\\xe9' PGOPTIONS=$'-c a.b=\\xe9' psql -XAtc 'show application_name' 2>&1";
  const { stdout } = await run(["bash", "-c", ask], {
    env: {
      ...{ PGHOST: "127.0.0.1", PGPORT: `${proxy.port}`, PGUSER: "app" },
      ...{ PGPASSWORD: proxy.password, PGDATABASE: "postgres" },
      PGCLIENTENCODING: "LATIN1",
    },
  });
  assert.match(stdout, /^caf(\\xe9|\?)\n$/);
});

Deno.test("DB@TARGET leads to a database of the only target, too", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  const config = `${folder.path}/rdsiam.toml`;
  await Deno.writeTextFile(
    config,
    `[targets.a]\nhost = "${emulator.host}"\nconnect = "${emulator.listen}"\nsslrootcert = "${emulator.ca}"\nusername = "app"\ndatabase = "template1"\n`,
  );
  await using proxy = await startProxy(["a", "--config", config]);
  for (
    const [PGDATABASE, wanted] of [["postgres@a", "postgres"], [
      "postgres",
      "postgres",
    ], ["", "template1"]]
  ) {
    const { stdout, stderr } = await proxy.psql("select current_database()", {
      ...(PGDATABASE !== "" && { PGDATABASE }),
    });
    assert.equal(stdout, `${wanted}\n`, stderr);
  }
});

Deno.test("a certificate or a key that is none, and one of another, are refused at the start", async (t) => {
  if (await isMissing(t, "openssl")) return;
  await using folder = await temporaryFolder();
  const path = (name: string) => `${folder.path}/${name}`;
  for (const name of ["one", "two"]) {
    await run([
      ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"] as const,
      ...["ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-days", "2"],
      ...["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`)],
    ]);
  }
  await Deno.writeTextFile(path("text"), "root:x:0:0:\n");
  const rows = [
    [
      "text",
      "one.key",
      /^error: File ".*text" of --tls-cert holds no certificate\nhint: Both must be PEM/,
    ],
    [
      "one.pem",
      "text",
      /^error: File ".*text" of --tls-key holds no private key\nhint: Both must be PEM/,
    ],
    [
      "one.pem",
      "two.key",
      /^error: Key ".*two.key" of --tls-key does not belong to the certificate of --tls-cert\n/,
    ],
    ["one.pem", "none", /^error: File ".*none" of --tls-key cannot be read: /],
  ] as const;
  for (const [certificate, key, wanted] of rows) {
    const { code, stderr } = await rdsiam([
      ...["proxy", ...toApp(emulator), "--tls-cert", path(certificate)],
      ...["--tls-key", path(key)],
    ]);
    assert.equal(code, 2);
    assert.match(stderr, wanted);
  }
});
