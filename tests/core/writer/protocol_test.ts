import assert from "node:assert/strict";
import fc from "fast-check";
import {
  describeRequest,
  removeRequest,
  renderRequest,
} from "../../../core/writer/protocol.ts";
import { fakeEntry } from "../../fakes.ts";

Deno.test("describeRequest() and removeRequest() say what is asked", () => {
  assert.deepEqual(JSON.parse(describeRequest({ a: 1 })), {
    action: "describe",
    options: { a: 1 },
  });
  assert.deepEqual(JSON.parse(removeRequest({}, undefined, "old")), {
    action: "remove",
    options: {},
    names: null,
    oldText: "old",
  });
  assert.deepEqual(JSON.parse(removeRequest({}, ["a"], "")).names, ["a"]);
});

Deno.test("renderRequest() hands over the token and when it ends", () => {
  const entry = fakeEntry({ connect: { host: "127.0.0.1", port: 15432 } });
  assert.deepEqual(JSON.parse(renderRequest({}, [entry], "old")), {
    action: "render",
    options: {},
    entries: [{
      name: "orders",
      engine: "postgres",
      host: "orders.abc.eu-west-1.rds.amazonaws.com",
      port: 5432,
      connect: { host: "127.0.0.1", port: 15432 },
      username: "app",
      database: "orders",
      sslmode: "verify-full",
      sslrootcert: "/home/app/rds-ca.pem",
      passfile: "/home/app/.pgpass",
      rdsiam: ["/usr/bin/rdsiam"],
      password: "token-1",
      expiresAt: "2026-01-15T12:49:56.000Z",
    }],
    oldText: "old",
  });
});

Deno.test("renderRequest() says null where there is no token that could end", () => {
  const request = renderRequest({}, [fakeEntry({ expiresAt: 0 })], "");
  assert.equal(JSON.parse(request).entries[0].expiresAt, null);
});

Deno.test("renderRequest() keeps every text, also bytes that are no UTF-8, through UTF-8", () => {
  const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) =>
    String.fromCharCode(...units)
  );
  fc.assert(fc.property(anyText, (oldText) => {
    const bytes = new TextEncoder().encode(renderRequest({}, [], oldText));
    const { oldText: read } = JSON.parse(new TextDecoder().decode(bytes));
    assert.equal(read, oldText);
  }));
});
