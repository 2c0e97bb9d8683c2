import assert from "node:assert/strict";
import { UnreadableText } from "../../core/writer/writer.ts";
import { contractEntries } from "../../plugins/contract/entries.ts";
import pgadmin from "../../plugins/pgadmin.ts";
import { FOREIGN } from "./foreign_files.ts";

const writer = pgadmin();
const byCommand = pgadmin({ login: "command", group: "Work" });
const entries = contractEntries(0);
const [orders, billing] = JSON.parse(
  JSON.stringify([
    {
      Name: "orders (rdsiam)",
      Comment: "rdsiam:orders",
      Group: "rdsiam",
      Host: "orders.abc123.eu-west-1.rds.amazonaws.com",
      Port: 5432,
      MaintenanceDB: "orders",
      Username: "app",
      ConnectionParameters: {
        sslmode: "verify-full",
        sslrootcert: "/home/u/.rdsiam/roots.pem",
        passfile: "/home/u/.pgpass",
      },
    },
    {
      Name: "billing (rdsiam)",
      Comment: "rdsiam:billing",
      Group: "rdsiam",
      Host: "billing.abc123.eu-west-1.rds.amazonaws.com",
      Port: 15432,
      MaintenanceDB: "billing",
      Username: "reports",
      ConnectionParameters: {
        sslmode: "verify-full",
        sslrootcert: "/home/u/.rdsiam/roots.pem",
        hostaddr: "127.0.0.1",
        passfile: "/home/u/.pgpass",
      },
    },
  ]),
);

Deno.test("pgadmin writes servers that log in with the passfile", () => {
  const { newText } = writer.render(entries, "");
  assert.equal(
    newText,
    JSON.stringify({ Servers: { 1: orders, 2: billing } }, null, 2) + "\n",
  );
});

Deno.test("pgadmin numbers servers behind those that are there", () => {
  const { newText } = writer.render(entries, FOREIGN.pgadmin);
  const { Servers } = JSON.parse(newText);
  assert.deepEqual(Object.keys(Servers), ["1", "7", "8", "9"]);
  assert.deepEqual([Servers[8], Servers[9]], [orders, billing]);
});

Deno.test("pgadmin changes from passfile to command and back, never both", () => {
  const { newText } = writer.render(entries, "");
  const changed = byCommand.render(entries, newText).newText;
  const [server] = Object.values<typeof orders>(JSON.parse(changed).Servers);
  assert.deepEqual(server, {
    ...orders,
    Group: "Work",
    ConnectionParameters: {
      sslmode: "verify-full",
      sslrootcert: "/home/u/.rdsiam/roots.pem",
    },
    PasswordExecCommand: "/usr/local/bin/rdsiam token orders",
    PasswordExecExpiration: 600,
  });
  assert.equal(writer.render(entries, changed).newText, newText);
});

Deno.test("pgadmin quotes a command for the system's shell", () => {
  function commandOf(rdsiam: string[], name: string): string {
    const [entry] = contractEntries(0, { rdsiam, name });
    assert.ok(entry !== undefined);
    const { newText } = byCommand.render([entry], "");
    return JSON.parse(newText).Servers[1].PasswordExecCommand;
  }
  assert.equal(
    commandOf(["/opt/my tools/rdsiam"], "it's"),
    `'/opt/my tools/rdsiam' token 'it'\\''s'`,
  );
  assert.equal(
    commandOf(["C:\\Program Files\\rdsiam.exe"], "my orders"),
    '"C:\\Program Files\\rdsiam.exe" token "my orders"',
  );
  const ownName = "app@orders.abc123.eu-west-1.rds.amazonaws.com:5432/orders";
  assert.equal(
    commandOf(["/usr/bin/rdsiam"], ownName),
    "/usr/bin/rdsiam token -h orders.abc123.eu-west-1.rds.amazonaws.com -p 5432 -U app -d orders",
  );
});

Deno.test("pgadmin keeps a server that the user has renamed and coloured", () => {
  const { newText } = writer.render(entries, "");
  const theirs = newText
    .replace('"Name": "orders (rdsiam)"', '"Name": "Shop", "BGColor": "#fff"')
    .replace("rdsiam:orders", "rdsiam:orders\\nmy note")
    .replace('"Port": 5432', '"Port": 1');
  const again = writer.render(entries, theirs).newText;
  assert.equal(again, theirs.replace('"Port": 1', '"Port": 5432'));
  assert.deepEqual(writer.list?.(again), [
    { name: "orders", expiresAt: undefined },
    { name: "billing", expiresAt: undefined },
  ]);
});

Deno.test("pgadmin refuses a file whose servers are a list", () => {
  assert.throws(
    () => writer.render(entries, '{\n"Servers": []}'),
    new UnreadableText(2, '"Servers" is not an object'),
  );
});
