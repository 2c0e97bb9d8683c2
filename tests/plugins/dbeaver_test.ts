import assert from "node:assert/strict";
import { contractEntries } from "../../plugins/contract/entries.ts";
import dbeaver from "../../plugins/dbeaver.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { FOREIGN } from "./foreign_files.ts";

const writer = dbeaver();
const syncing = dbeaver({ command: "sync" });
const entries = contractEntries(0);
const ordersOnly = entries.slice(0, 1);

const CONFIGURATION = {
  host: "orders.abc123.eu-west-1.rds.amazonaws.com",
  port: "5432",
  database: "orders",
  url:
    "jdbc:postgresql://orders.abc123.eu-west-1.rds.amazonaws.com:5432/orders",
  configurationType: "MANUAL",
  "auth-model": "postgres_pgpass",
  user: "app",
  handlers: {
    postgre_ssl: {
      type: "CONFIG",
      enabled: true,
      properties: {
        sslMode: "verify-full",
        "ssl.method": "CERTIFICATES",
        "ssl.ca.cert": "/home/u/.rdsiam/roots.pem",
      },
    },
  },
};
const CONNECTION = {
  provider: "postgresql",
  driver: "postgres-jdbc",
  name: "orders (rdsiam)",
  "save-password": true,
  configuration: CONFIGURATION,
};
const ID = "postgres-jdbc-rdsiam-orders";
const EVENT = {
  enabled: true,
  "show-panel": false,
  "wait-process": true,
  "wait-process-timeout": 15000,
  command: "/usr/local/bin/rdsiam pgpass sync orders",
};

Deno.test("dbeaver writes a connection that logs in with the passfile", () => {
  assert.deepEqual(writer.render(ordersOnly, ""), {
    newText: JSON.stringify({ connections: { [ID]: CONNECTION } }, null, 2) +
      "\n",
    notices: [],
  });
});

Deno.test("dbeaver writes beside the user's connections, indented as they are", () => {
  const { newText } = writer.render(ordersOnly, FOREIGN.dbeaver);
  const added = JSON.stringify(CONNECTION, null, "\t")
    .replaceAll("\n", "\n\t\t");
  assert.equal(
    newText,
    FOREIGN.dbeaver.replace(
      '\t\t}\n\t},\n\t"connection-types"',
      `\t\t},\n\t\t"${ID}": ${added}\n\t},\n\t"connection-types"`,
    ),
  );
});

Deno.test("dbeaver lets DBeaver fetch a fresh token before it connects, and stops it again", () => {
  const { newText } = syncing.render(ordersOnly, "");
  const connection = JSON.parse(newText).connections[ID];
  assert.deepEqual(connection.configuration.events, { BEFORE_CONNECT: EVENT });
  const without = JSON.parse(writer.render(ordersOnly, newText).newText);
  assert.deepEqual(without.connections[ID].configuration.events, {});
});

Deno.test("dbeaver leaves a command that the user has DBeaver run", () => {
  const { newText } = syncing.render(ordersOnly, "");
  const theirs = newText.replace(EVENT.command, "/usr/bin/tunnel up");
  assert.deepEqual(syncing.render(ordersOnly, theirs), {
    newText: theirs,
    notices: [
      '"orders" keeps the command of its own that DBeaver runs before it connects',
    ],
  });
  assert.deepEqual(writer.render(ordersOnly, theirs).newText, theirs);
});

Deno.test("dbeaver writes a command for programs that have no shell", () => {
  function commandOf(program: string, name = "orders"): string {
    const changes = { rdsiam: [program], name };
    const { newText } = syncing.render(
      contractEntries(0, changes).slice(1),
      "",
    );
    const [connection] = Object.values<typeof CONNECTION>(
      JSON.parse(newText).connections,
    );
    const { events } = connection?.configuration as unknown as {
      events: { BEFORE_CONNECT: { command: string } };
    };
    return events.BEFORE_CONNECT.command;
  }
  assert.equal(
    commandOf("C:\\Program Files\\rdsiam.exe"),
    '"C:\\Program Files\\rdsiam.exe" pgpass sync orders',
  );
  assert.equal(
    commandOf("/bin/rdsiam", "it's"),
    `/bin/rdsiam pgpass sync "it's"`,
  );
  assertRefuses(() => commandOf("/bin/rdsiam", "a${b}"), {
    message:
      'Cannot write a command line for the client: "a${b}" cannot be quoted in it',
    hint: "Give the target another name in the configuration file",
  });
});

// security: writers-say-verify-ca
Deno.test("dbeaver verifies the issuer alone of what is dialled by another name, and says so", () => {
  const { newText, notices } = writer.render(entries.slice(1), "");
  const { configuration } =
    JSON.parse(newText).connections["postgres-jdbc-rdsiam-billing"];
  assert.deepEqual(
    [
      configuration.url,
      configuration.handlers.postgre_ssl.properties.sslMode,
    ],
    ["jdbc:postgresql://127.0.0.1:15432/billing", "verify-ca"],
  );
  assert.deepEqual(notices, [
    '"billing" is dialled at 127.0.0.1:15432, where DBeaver cannot check the endpoint\'s name in the certificate: ' +
    "it checks the issuer alone (verify-ca). `rdsiam proxy` keeps the full check",
  ]);
});

Deno.test("dbeaver tells where DBeaver looks for tokens that are in another passfile", () => {
  const passfile = "/run/rdsiam/pass";
  assert.deepEqual(
    writer.render(contractEntries(0, { passfile }).slice(0, 1), "").notices,
    [
      "DBeaver reads the default passfile, or the one that PGPASSFILE names where it is started: " +
      "the tokens are in /run/rdsiam/pass",
    ],
  );
});

Deno.test("dbeaver keeps a connection that the user has renamed and put in a folder", () => {
  const { newText } = writer.render(ordersOnly, "");
  const theirs = newText
    .replace('"name": "orders (rdsiam)"', '"name": "Shop",\n "folder": "Prod"');
  assert.equal(writer.render(ordersOnly, theirs).newText, theirs);
  assert.deepEqual(writer.list?.(theirs), [
    { name: "orders", expiresAt: undefined },
  ]);
  assert.equal(writer.remove(["other"], theirs).newText, theirs);
  assert.equal(writer.remove(["orders"], theirs).newText, "");
});

Deno.test("dbeaver leads targets of MySQL and MariaDB to a local endpoint of rdsiam proxy", () => {
  const [shop] = contractEntries(0, { engine: "mysql", port: 3306 });
  assert.ok(shop);
  const { newText, notices } = writer.render([shop], "");
  const id = "mysql8-rdsiam-orders";
  assert.deepEqual(JSON.parse(newText).connections, {
    [id]: {
      provider: "mysql",
      driver: "mysql8",
      name: "orders (rdsiam)",
      "save-password": true,
      configuration: {
        host: "127.0.0.1",
        port: "13306",
        database: "orders",
        url: "jdbc:mysql://127.0.0.1:13306/orders",
        configurationType: "MANUAL",
        "auth-model": "native",
        user: "app",
      },
    },
  });
  assert.deepEqual(notices, [
    '"orders" is reached while `rdsiam proxy orders --listen 127.0.0.1:13306 --local-password-file FILE` runs; ' +
    "DBeaver asks once for the password in FILE",
  ]);
  assert.deepEqual(writer.list?.(newText), [
    { name: "orders", expiresAt: undefined },
  ]);
  // The same target, of another engine: one connection of it is left.
  const mariadb = dbeaver({ proxy: "127.0.0.1:3307" }).render([
    { ...shop, engine: "mariadb", database: "" },
  ], newText);
  const { connections } = JSON.parse(mariadb.newText);
  assert.deepEqual(Object.keys(connections), ["mariaDB-rdsiam-orders"]);
  assert.equal(
    connections["mariaDB-rdsiam-orders"].configuration.url,
    "jdbc:mariadb://127.0.0.1:3307/",
  );
});

Deno.test("dbeaver finds the file of DBeaver's first workspace", () => {
  const home = { HOME: "/home/u", APPDATA: "C:\\A" };
  assert.deepEqual(
    ["linux", "darwin", "windows"].map((os) => writer.defaultPath(home, os)),
    [
      "/home/u/.local/share/DBeaverData/workspace6/General/.dbeaver/data-sources.json",
      "/home/u/Library/DBeaverData/workspace6/General/.dbeaver/data-sources.json",
      "C:\\A\\DBeaverData\\workspace6\\General\\.dbeaver\\data-sources.json",
    ],
  );
});
