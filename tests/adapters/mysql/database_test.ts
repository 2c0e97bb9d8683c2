import assert from "node:assert/strict";
import { mysqlDatabase } from "../../../adapters/mysql/database.ts";
import { mysqlProbe } from "../../../adapters/mysql/probe.ts";
import type { DatabaseLogin } from "../../../core/database/database.ts";
import {
  MysqlLoginRefused,
  type MysqlRefusal,
} from "../../../core/database/mysql_login_refusal.ts";
import { CAPABILITIES } from "../../../core/mysqlwire/capabilities.ts";
import { encodeGreeting } from "../../../core/mysqlwire/greeting.ts";
import { encodePacket } from "../../../core/mysqlwire/packet.ts";
import { Secret } from "../../../core/secret.ts";
import {
  BY_TOKEN,
  type MysqlEmulator,
  useMysqlEmulators,
} from "../../e2e/emulator/mysql_emulator.ts";
import { serverTest } from "../../mysql_servers.ts";
import { serveConnections } from "../../serve_connections.ts";

const emulatorOf = useMysqlEmulators(
  `create user app ${BY_TOKEN}`,
  "create user plain identified by 'plain-password'",
  "create user `empty`",
);

/** How one logs in to an emulator, but for who does. */
async function loginTo({ port, ca, host }: MysqlEmulator) {
  const pem = await Deno.readTextFile(ca);
  return {
    address: { host: "127.0.0.1", port },
    serverName: host,
    sslmode: "verify-full",
    trust: { kind: "roots", pem },
    database: "",
  } as const;
}

serverTest("logIn() runs statements, and says why not", async (server) => {
  const emulator = await emulatorOf(server);
  const login: DatabaseLogin = {
    ...await loginTo(emulator),
    username: "app",
    password: new Secret(await emulator.token("app")),
    method: "token",
  };
  await using session = await mysqlDatabase.logIn(login);
  assert.deepEqual(
    await session.run("SELECT CONCAT(CURRENT_USER(), ?)", ["it's \\"]),
    ["app@%it's \\"],
  );
  assert.deepEqual(await session.run("SELECT 1 UNION SELECT 20"), ["1", "20"]);
  assert.deepEqual(await session.run("SET @a = 1"), []);
  await assert.rejects(session.run("SELECT * FROM mysql.user"), {
    code: "42000",
    number: 1142,
  });
  await using other = await mysqlDatabase.logIn(login);
  await other.run(`KILL ${(await session.run("SELECT CONNECTION_ID()"))[0]}`);
  await assert.rejects(session.run("SELECT 1"), { isConnectionLost: true });
});

// security: mysql-token-when-asked
serverTest(
  "logIn() tells what the server asked for when it refused, and sends no token unasked",
  async (server) => {
    const emulator = await emulatorOf(server);
    const where = await loginTo(emulator);
    async function refusal(
      username: string,
      method: DatabaseLogin["method"],
      text: string,
    ): Promise<MysqlRefusal> {
      const password = new Secret(text);
      const login = { ...where, username, method, password };
      try {
        await using _ = await mysqlDatabase.logIn(login);
      } catch (error) {
        if (error instanceof MysqlLoginRefused) return error.server;
        throw error;
      }
      throw new Error(`${username} is in`);
    }
    const seen: [string, DatabaseLogin["method"], MysqlRefusal["asked"]][] = [
      ["app", "token", "token"],
      ["plain", "token", "something-else"],
      ["empty", "token", "something-else"],
      ["nobody", "token", "something-else"],
      ["plain", "password", "password"],
    ];
    for (const [username, method, asked] of seen) {
      const refused = await refusal(username, method, "no-token");
      assert.equal(refused.number, 1045, username);
      assert.equal(refused.asked, asked, username);
    }
    await assert.rejects(refusal("app", "password", "no-token"), {
      kind: "refused",
      hint: "Add --admin-iam to log in with a token",
    });
    assert.doesNotMatch(emulator.log(), /"(plain|empty|nobody)":/);
  },
);

serverTest("logIn() and the probe trust no other server", async (server) => {
  const emulator = await emulatorOf(server);
  const where = await loginTo(emulator);
  const { names } = await mysqlProbe.certificate(where);
  assert.deepEqual(names, [emulator.host]);
  const who = { username: "app", password: new Secret("x"), method: "token" };
  for (
    const [changes, why] of [
      [
        { serverName: "other.example" },
        'its certificate is not for "other.example"',
      ],
      [
        { trust: { kind: "system" } },
        "its certificate comes from no trusted root",
      ],
    ] satisfies [Partial<DatabaseLogin>, string][]
  ) {
    const login = { ...where, ...who, ...changes } as DatabaseLogin;
    await assert.rejects(mysqlProbe.certificate(login), { why });
    await assert.rejects(mysqlDatabase.logIn(login), { why });
  }
});

/** What a server sends first. */
const FIRST: [string, Uint8Array, string][] = [
  [
    "no TLS",
    encodePacket(
      0,
      encodeGreeting({
        version: new TextEncoder().encode("5.7.44"),
        threadId: 8,
        capabilities: CAPABILITIES.PROTOCOL_41 | CAPABILITIES.PLUGIN_AUTH,
        charset: 8,
        status: 2,
        reserved: new Uint8Array(10),
        salt: new Uint8Array(20).fill(7),
        plugin: "mysql_native_password",
      }),
    ),
    "the server does not offer TLS",
  ],
  [
    "another protocol",
    new TextEncoder().encode("SSH-2.0-OpenSSH_9.2p1\r\n"),
    "what listens there does not greet as MySQL does",
  ],
];

for (const [name, bytes, why] of FIRST) {
  Deno.test(`the probe says of a server what stands in the way: ${name}`, async () => {
    await using server = serveConnections(undefined, async (client) => {
      await client.write(bytes);
    });
    await assert.rejects(
      mysqlProbe.certificate({
        address: { host: "127.0.0.1", port: server.port },
        serverName: "orders.example",
        sslmode: "verify-full",
        trust: { kind: "system" },
      }),
      { why },
    );
  });
}
