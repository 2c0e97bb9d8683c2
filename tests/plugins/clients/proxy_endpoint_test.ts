import assert from "node:assert/strict";
import fc from "fast-check";
import {
  proxyEndpoints,
  proxyNotice,
  readProxyOption,
} from "../../../plugins/clients/proxy_endpoint.ts";
import { contractEntries } from "../../../plugins/contract/entries.ts";
import { WriterOptionError } from "../../../plugins/contract/writer_options.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const ENTRIES = contractEntries(0, { engine: "mysql" });

Deno.test("readProxyOption() takes an endpoint for each name, and one for all others", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !/[,]/.test(text) && text === text.trim());
  const port = fc.integer({ min: 1, max: 65535 });
  fc.assert(
    fc.property(fc.dictionary(name, port), port, (ports, other) => {
      const parts = Object.entries(ports).map(([name, port]) =>
        `${name}=127.0.0.1:${port}`
      );
      const endpointOf = readProxyOption([
        ...parts,
        `localhost:${other}`,
      ].join(", "));
      for (const [name, port] of Object.entries(ports)) {
        assert.deepEqual(endpointOf({ name }), { host: "127.0.0.1", port });
      }
      assert.deepEqual(endpointOf({ name: ",other" }), {
        host: "localhost",
        port: other,
      });
    }),
  );
});

Deno.test("readProxyOption() takes nothing that is not on this machine, or has no port", () => {
  for (
    const text of ["", "127.0.0.1", "13306", "db.example.com:3306", "a=", "x:y"]
  ) assert.throws(() => readProxyOption(text), WriterOptionError, text);
});

Deno.test("proxyEndpoints() refuses two targets behind one port, and a target without one", () => {
  const hint =
    "Give each its own: --option 'proxy=NAME=127.0.0.1:13306,OTHER=127.0.0.1:13307'";
  assertRefuses(() => proxyEndpoints(ENTRIES, readProxyOption("[::1]:3306")), {
    message:
      'Cannot write "orders" and "billing" with one endpoint of rdsiam proxy: MySQL\'s clients reach one target a port',
    hint,
  });
  assertRefuses(
    () => proxyEndpoints(ENTRIES, readProxyOption("orders=127.0.0.1:3306")),
    {
      message:
        'Cannot write "billing": the option proxy names no endpoint for it',
      hint,
    },
  );
});

Deno.test("proxyNotice() gives the command that serves a target, in full where it has no name", () => {
  const [entry] = contractEntries(0, {
    name: "app@orders.abc123.eu-west-1.rds.amazonaws.com:3306/",
    engine: "mariadb",
    port: 3306,
    database: "",
  });
  assert.ok(entry);
  assert.match(
    proxyNotice(entry, { host: "127.0.0.1", port: 3307 }, "DBeaver"),
    /`rdsiam proxy --engine mariadb -h orders\.\S+ -p 3306 -U app --listen 127\.0\.0\.1:3307 --local-password-file FILE`/,
  );
});
