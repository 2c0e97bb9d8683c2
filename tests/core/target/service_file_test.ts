import assert from "node:assert/strict";
import { parseServiceFile } from "../../../core/target/service_file.ts";

Deno.test("parseServiceFile() reads sections as libpq does", () => {
  const text = [
    "host=before.any.section",
    "# a comment",
    "[orders]",
    "  host=orders.abc.eu-west-1.rds.amazonaws.com  ",
    "port=5433\r",
    "user=app",
    "dbname=shop = a",
    "hostaddr=127.0.0.1",
    "application_name=psql",
    "#user=nobody",
    "port=1",
    "",
    "[audit]",
    "password=s3cret",
    "sslmode=require",
    "no value",
    "[orders]",
    "sslrootcert=/ca.pem",
  ].join("\n");
  assert.deepEqual(parseServiceFile(text), [
    {
      name: "orders",
      fields: {
        host: "orders.abc.eu-west-1.rds.amazonaws.com",
        port: "5433",
        username: "app",
        dbname: "shop = a",
        connect: "127.0.0.1",
        sslrootcert: "/ca.pem",
      },
      hasPassword: false,
    },
    { name: "audit", fields: { sslmode: "require" }, hasPassword: true },
  ]);
});

Deno.test("parseServiceFile() signs for the port that the writer has noted, and dials the other", () => {
  const parse = (lines: string) =>
    parseServiceFile(`[orders]\nhost=a\n${lines}`)[0]?.fields;
  assert.deepEqual(
    parse("# rdsiam signs for port 5432\nhostaddr=127.0.0.1\nport=15432"),
    { host: "a", connect: "127.0.0.1:15432", port: "5432" },
  );
  assert.deepEqual(parse("# rdsiam signs for port 5432\nport=6000"), {
    host: "a",
    port: "6000",
  });
});

Deno.test("parseServiceFile() of an empty file is empty", () => {
  assert.deepEqual(parseServiceFile(""), []);
});
