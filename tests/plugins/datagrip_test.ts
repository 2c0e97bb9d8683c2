import assert from "node:assert/strict";
import { UnreadableText } from "../../core/writer/writer.ts";
import { contractEntries } from "../../plugins/contract/entries.ts";
import datagrip from "../../plugins/datagrip.ts";
import datagripLocal from "../../plugins/datagrip_local.ts";
import { FOREIGN } from "./foreign_files.ts";

const writer = datagrip();
const local = datagripLocal();
const entries = contractEntries(0);
const orders = entries.slice(0, 1);

const ORDERS = `
    <data-source source="LOCAL" name="orders (rdsiam)" uuid="72647369-616d-81c1-868a-db00d208e42f">
      <driver-ref>postgresql</driver-ref>
      <synchronize>true</synchronize>
      <remarks>rdsiam:orders</remarks>
      <jdbc-driver>org.postgresql.Driver</jdbc-driver>
      <jdbc-url>jdbc:postgresql://orders.abc123.eu-west-1.rds.amazonaws.com:5432/orders?sslmode=verify-full&amp;sslrootcert=/home/u/.rdsiam/roots.pem</jdbc-url>
    </data-source>`;

const FILE = `<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="DataSourceManagerImpl" format="xml" multifile-model="true">${ORDERS}
  </component>
</project>
`;

const LOCAL = `<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="dataSourceStorageLocal">
    <data-source name="orders (rdsiam)" uuid="72647369-616d-81c1-868a-db00d208e42f">
      <auth-provider>pgpass</auth-provider>
      <user-name>app</user-name>
    </data-source>
  </component>
</project>
`;

Deno.test("datagrip and datagrip-local write the two files of a data source", () => {
  assert.deepEqual(writer.render(orders, ""), { newText: FILE, notices: [] });
  assert.deepEqual(local.render(orders, ""), { newText: LOCAL, notices: [] });
});

Deno.test("datagrip writes beside the user's data sources", () => {
  assert.equal(
    writer.render(orders, FOREIGN.dataSources).newText,
    FOREIGN.dataSources.replace("none -->", `none -->${ORDERS}`),
  );
});

Deno.test("datagrip puts its component where a project file has none, or an empty one", () => {
  const project = '<project version="4">\n</project>\n';
  const [, ...withoutDeclaration] = FILE.split("\n");
  assert.equal(
    writer.render(orders, project).newText,
    withoutDeclaration.join("\n"),
  );
  const empty =
    '<project version="4">\n  <component name="dataSourceStorageLocal" />\n</project>\n';
  const [, ...localLines] = LOCAL.split("\n");
  assert.equal(local.render(orders, empty).newText, localLines.join("\n"));
  assert.equal(
    local.render(orders, '<project version="4"/>').newText,
    localLines.join("\n").trimEnd(),
  );
});

Deno.test("datagrip-local keeps what the IDE has put into a data source", () => {
  const theirs = LOCAL
    .replace('name="orders (rdsiam)"', 'name="Shop"')
    .replace(
      "      <auth-provider>pgpass</auth-provider>\n",
      '      <database-info product="PostgreSQL">\n        <extra-name-characters/>\n      </database-info>\n',
    )
    .replace(">app<", ">me<");
  const again = local.render(orders, theirs).newText;
  assert.equal(
    again,
    theirs.replace(
      "<user-name>me</user-name>\n",
      "<user-name>app</user-name>\n      <auth-provider>pgpass</auth-provider>\n",
    ),
  );
  assert.equal(local.render(orders, again).newText, again);
  assert.deepEqual(local.list?.(again), [{
    name: "Shop",
    expiresAt: undefined,
  }]);
  assert.equal(local.remove(["billing"], again).newText, again);
  assert.equal(local.remove(["orders"], again).newText, "");
});

Deno.test("datagrip knows a data source that was renamed", () => {
  const theirs = FILE.replace('name="orders (rdsiam)"', 'name="Shop"');
  assert.deepEqual(writer.list?.(theirs), [
    { name: "orders", expiresAt: undefined },
  ]);
  assert.equal(writer.render(orders, theirs).newText, theirs);
});

// security: writers-say-verify-ca
Deno.test("datagrip verifies the issuer alone of what is dialled by another name, and says so", () => {
  const { newText, notices } = writer.render(entries.slice(1), "");
  assert.match(
    newText,
    /jdbc:postgresql:\/\/127\.0\.0\.1:15432\/billing\?sslmode=verify-ca&amp;/,
  );
  assert.equal(notices?.length, 1);
});

Deno.test("datagrip leads targets of MySQL and MariaDB to a local endpoint of rdsiam proxy", () => {
  const [one] = contractEntries(0, { engine: "mysql" });
  const [, two] = contractEntries(0, { engine: "mariadb" });
  assert.ok(one && two);
  const options = { proxy: "orders=127.0.0.1:3307, billing=[::1]:3308" };
  const { newText, notices } = datagrip(options).render([one, two], "");
  for (
    const line of [
      "<driver-ref>mysql.8</driver-ref>",
      "<jdbc-driver>com.mysql.cj.jdbc.Driver</jdbc-driver>",
      "<jdbc-url>jdbc:mysql://127.0.0.1:3307/orders</jdbc-url>",
      "<driver-ref>mariadb</driver-ref>",
      "<jdbc-driver>org.mariadb.jdbc.Driver</jdbc-driver>",
      "<jdbc-url>jdbc:mariadb://[::1]:3308/billing</jdbc-url>",
    ]
  ) assert.ok(newText.includes(line), line);
  assert.match(
    notices?.[1] ?? "",
    /rdsiam proxy billing --listen '\[::1\]:3308'/,
  );
  const { newText: logins } = datagripLocal(options).render([one], "");
  assert.match(logins, /<secret-storage>master_key<[^]*<user-name>app</);
  assert.doesNotMatch(logins, /pgpass/);
});

for (
  const [text, line, why] of [
    ["<project>\n<a>\n</project>", 3, "not XML: unexpected close tag"],
    [
      "<?xml version='1.0'?>\n<html/>",
      2,
      "not a file of a JetBrains project, whose outermost element is <project>",
    ],
    ["{}", 1, "not XML: text data outside of root node"],
  ] as const
) {
  Deno.test(`datagrip refuses ${JSON.stringify(text)}`, () => {
    for (const { render, remove, list } of [writer, local]) {
      const error = new UnreadableText(line, why);
      assert.throws(() => render(orders, text), error);
      assert.throws(() => remove(undefined, text), error);
      assert.throws(() => list?.(text), error);
    }
  });
}
