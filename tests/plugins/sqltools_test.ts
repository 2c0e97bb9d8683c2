import assert from "node:assert/strict";
import { parse } from "jsonc-parser";
import { contractEntries } from "../../plugins/contract/entries.ts";
import sqltools from "../../plugins/sqltools.ts";
import { FOREIGN } from "./foreign_files.ts";

const writer = sqltools();
const entries = contractEntries(0);

const ORDERS = {
  name: "orders (rdsiam)",
  rdsiam: "orders",
  driver: "PostgreSQL",
  connectString:
    "postgresql://app@orders.abc123.eu-west-1.rds.amazonaws.com:5432/orders",
  pgOptions: {
    ssl: { rejectUnauthorized: true, ca: "/home/u/.rdsiam/roots.pem" },
  },
};
const BILLING = {
  name: "billing (rdsiam)",
  rdsiam: "billing",
  driver: "PostgreSQL",
  connectString: "postgresql://reports@127.0.0.1:15432/billing",
  pgOptions: {
    ssl: {
      rejectUnauthorized: true,
      ca: "/home/u/.rdsiam/roots.pem",
      servername: "billing.abc123.eu-west-1.rds.amazonaws.com",
    },
  },
};

Deno.test("sqltools writes connections whose password is looked up", () => {
  assert.deepEqual(writer.render(entries, ""), {
    newText:
      JSON.stringify({ "sqltools.connections": [ORDERS, BILLING] }, null, 2) +
      "\n",
    notices: [],
  });
  assert.deepEqual(writer.render([], ""), { newText: "", notices: [] });
});

Deno.test("sqltools writes into settings with comments and trailing commas", () => {
  const { newText } = writer.render(entries.slice(0, 1), FOREIGN.settings);
  const added = JSON.stringify(ORDERS, null, 2).replaceAll("\n", "\n    ");
  assert.equal(
    newText,
    FOREIGN.settings.replace("    },\n  ],", `    },\n    ${added},\n  ],`),
  );
  assert.deepEqual(parse(newText, [], { allowTrailingComma: true }), {
    "editor.fontSize": 14,
    "sqltools.connections": [
      { name: "mine", driver: "PostgreSQL", server: "localhost" },
      ORDERS,
    ],
  });
  assert.equal(writer.remove(undefined, newText).newText, FOREIGN.settings);
});

Deno.test("sqltools knows its connection by its name when its own field was lost, and keeps a new name", () => {
  const { newText } = writer.render(entries, "");
  const lost = newText.replace('      "rdsiam": "orders",\n', "");
  assert.deepEqual(parse(writer.render(entries, lost).newText), {
    "sqltools.connections": [ORDERS, BILLING],
  });
  const renamed = newText.replace("orders (rdsiam)", "Shop");
  assert.equal(writer.render(entries, renamed).newText, renamed);
});

Deno.test("sqltools finds VS Code's settings of the user", () => {
  const home = { HOME: "/home/u", APPDATA: "C:\\A" };
  assert.deepEqual(
    ["linux", "darwin", "windows"].map((os) => writer.defaultPath(home, os)),
    [
      "/home/u/.config/Code/User/settings.json",
      "/home/u/Library/Application Support/Code/User/settings.json",
      "C:\\A\\Code\\User\\settings.json",
    ],
  );
});
