import assert from "node:assert/strict";
import { readEmulatorSettings } from "../../../cli/emulator/settings.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("readEmulatorSettings() has a default for everything", () => {
  const settings = readEmulatorSettings({});
  const { password } = settings.master;
  assert.match(password.reveal(), /^[0-9a-f-]{36}$/);
  assert.deepEqual({ ...settings, master: settings.master.username }, {
    engine: "postgres",
    hasIam: true,
    listen: { host: "127.0.0.1", port: 0 },
    host: "emulator.abcdefghijkl.us-east-1.rds.amazonaws.com",
    port: 5432,
    endpoint: {
      host: "emulator.abcdefghijkl.us-east-1.rds.amazonaws.com",
      kind: "instance",
      partition: "aws",
      region: "us-east-1",
    },
    region: "us-east-1",
    accessKeys: settings.accessKeys,
    master: "postgres",
    lifetimeMs: 900_000,
    adminOptionCounts: false,
    server: {},
  });
  assert.deepEqual(
    settings.accessKeys.map(({ id, secret, sessionToken }) => [
      id,
      secret.reveal(),
      sessionToken,
    ]),
    [[
      "AKIAIOSFODNN7EXAMPLE",
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      undefined,
    ]],
  );
});

Deno.test("readEmulatorSettings() takes the region of the endpoint, or names it after the region", () => {
  const endpoint = "A.b.eu-west-1.rds.amazonaws.com:5433";
  const settings = readEmulatorSettings({ endpoint });
  assert.equal(settings.region, "eu-west-1");
  assert.equal(settings.host, "a.b.eu-west-1.rds.amazonaws.com");
  assert.equal(settings.port, 5433);
  const { host } = readEmulatorSettings({ region: "eu-west-2" });
  assert.equal(host, "emulator.abcdefghijkl.eu-west-2.rds.amazonaws.com");
  assert.equal(
    readEmulatorSettings({ endpoint: "db.example.com" }).endpoint,
    undefined,
  );
});

Deno.test("readEmulatorSettings() reads access keys", () => {
  const accessKey = ["AKIA:s/e+c=r", "ASIA:secret:session/token=="];
  const { accessKeys } = readEmulatorSettings({ accessKey });
  assert.deepEqual(
    accessKeys.map((key) => [
      key.id,
      key.secret.reveal(),
      key.sessionToken?.reveal(),
    ]),
    [
      ["AKIA", "s/e+c=r", undefined],
      ["ASIA", "secret", "session/token=="],
    ],
  );
});

Deno.test("readEmulatorSettings() refuses a malformed key, repeating nothing", () => {
  for (const text of ["", "AKIA", "AKIA:", ":secret", "a:b:", "a:b:c:d"]) {
    assertRefuses(() => readEmulatorSettings({ accessKey: [text] }), {
      message: "An --access-key is not valid",
      hint: "Write it as ID:SECRET or ID:SECRET:SESSION_TOKEN",
    });
  }
});

Deno.test("readEmulatorSettings() reads the master user", () => {
  const { master } = readEmulatorSettings({ master: "admin:pass:word" });
  assert.equal(master.username, "admin");
  assert.equal(master.password.reveal(), "pass:word");
  for (const text of ["", "admin", "admin:", ":password"]) {
    assertRefuses(() => readEmulatorSettings({ master: text }), {
      message: "The --master is not valid",
      hint: "Write it as USER:PASSWORD",
    });
  }
});

// security: emulator-loopback
Deno.test("readEmulatorSettings() listens on loopback alone", () => {
  const rows: [text: string, host: string, port: number][] = [
    ["127.0.0.1:5433", "127.0.0.1", 5433],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["127.0.0.1", "127.0.0.1", 5432],
    ["localhost:1", "localhost", 1],
    ["[::1]:0", "::1", 0],
    ["::1", "::1", 5432],
  ];
  for (const [listen, host, port] of rows) {
    assert.deepEqual(readEmulatorSettings({ listen }).listen, { host, port });
  }
  for (const host of ["0.0.0.0", "192.168.0.1", "127.0.0.1.evil.example"]) {
    assertRefuses(() => readEmulatorSettings({ listen: `${host}:0` }), {
      message: `Address "${host}" of --listen is not on loopback`,
      hint: "The emulator is for this machine alone: use 127.0.0.1:PORT",
    });
  }
});

Deno.test("readEmulatorSettings() takes a lifetime of 1 to 900 seconds", () => {
  assert.equal(readEmulatorSettings({ tokenLifetime: "1" }).lifetimeMs, 1_000);
  assert.equal(
    readEmulatorSettings({ tokenLifetime: "900" }).lifetimeMs,
    900_000,
  );
  for (const text of ["", "0", "901", "-1", "1.5", "5s"]) {
    assertRefuses(() => readEmulatorSettings({ tokenLifetime: text }), {
      message: `Lifetime "${text}" of --token-lifetime is not valid`,
      hint: "Give a whole number of seconds from 1 to 900",
    });
  }
});

Deno.test("readEmulatorSettings() passes the server's folders on", () => {
  const { server } = readEmulatorSettings({ postgres: "/pg", data: "/data" });
  assert.deepEqual(server, { binaries: "/pg", data: "/data" });
});

Deno.test("readEmulatorSettings() makes no master of RDS's own superuser", () => {
  assertRefuses(() => readEmulatorSettings({ master: "rdsadmin:x" }), {
    message:
      'Role name "rdsadmin" cannot be used: it is the superuser of RDS itself',
    hint: "Choose another name for the role",
  });
});

Deno.test("readEmulatorSettings() has the port and the master that RDS has for each engine", () => {
  for (const engine of ["mysql", "mariadb"]) {
    const settings = readEmulatorSettings({ engine, iam: false });
    assert.equal(settings.port, 3306);
    assert.equal(settings.master.username, "admin");
    assert.equal(settings.hasIam, false);
  }
});
