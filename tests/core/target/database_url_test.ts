import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDatabaseUrl } from "../../../core/target/database_url.ts";
import { anyCharacter } from "../../any_character.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";

// security: database-url
Deno.test("parseDatabaseUrl() takes user, host, port and database alone", () => {
  assert.deepEqual(
    parseDatabaseUrl(
      `postgresql://app@${HOST}:5433/shop?sslmode=disable&schema=public#x`,
    ),
    {
      fields: {
        engine: "postgres",
        username: "app",
        host: HOST,
        port: "5433",
        dbname: "shop",
      },
      hasPassword: false,
    },
  );
  assert.deepEqual(parseDatabaseUrl(`postgres://${HOST}`), {
    fields: { engine: "postgres", host: HOST },
    hasPassword: false,
  });
});

Deno.test("parseDatabaseUrl() leaves any password out", () => {
  fc.assert(fc.property(fc.string(), (password) => {
    const url = parseDatabaseUrl(`postgres://app:${password}@${HOST}/shop`);
    assert.deepEqual(url, {
      fields: {
        engine: "postgres",
        username: "app",
        host: HOST,
        dbname: "shop",
      },
      hasPassword: true,
    });
  }));
});

Deno.test("parseDatabaseUrl() does not mind what leads to no RDS endpoint", () => {
  for (
    const text of [
      "",
      "orders",
      "postgres://app@localhost/shop",
      `mongodb://app@${HOST}/shop`,
      `postgres://app@${HOST}:5432:1/shop`,
      `postgres://%zz@${HOST}/shop`,
      "sqlite:///tmp/file",
      "postgres://",
    ]
  ) assert.equal(parseDatabaseUrl(text), undefined, text);
});

Deno.test("parseDatabaseUrl() never throws", () => {
  fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => {
    parseDatabaseUrl(`postgres://${text}`);
    parseDatabaseUrl(text);
    assert.ok(true);
  }));
});
