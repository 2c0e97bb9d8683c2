import assert from "node:assert/strict";
import { createResolver } from "../../../adapters/net/dns.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { startDnsServer } from "./dns_server.ts";

const ENDPOINT = "orders.abc.eu-west-1.rds.amazonaws.com";

Deno.test("createResolver() follows a CNAME, one step at a time", async () => {
  const aliases: Record<string, string> = {
    "db.example": "orders.example",
    "orders.example": ENDPOINT,
  };
  await using server = await startDnsServer((name) => {
    const alias = aliases[name];
    return alias === undefined ? { code: "NOERROR" } : { alias };
  });
  const resolver = createResolver({ nameServer: server.nameServer });
  assert.equal(await resolver.alias("db.example"), "orders.example");
  assert.equal(await resolver.alias("orders.example"), ENDPOINT);
  assert.equal(await resolver.alias(ENDPOINT), undefined);
  assert.deepEqual(server.asked, [
    { name: "db.example", type: 5 },
    { name: "orders.example", type: 5 },
    { name: ENDPOINT, type: 5 },
  ]);
});

// Deno tells a name server's own failures from "no such record" no more than this.
for (const code of ["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"] as const) {
  Deno.test(`createResolver() finds no alias when the name server says ${code}`, async () => {
    await using server = await startDnsServer(() => ({ code }));
    const resolver = createResolver({ nameServer: server.nameServer });
    assert.equal(await resolver.alias("db.example"), undefined);
  });
}

Deno.test("createResolver() gives up on a name server that is silent", async () => {
  await using server = await startDnsServer(() => undefined);
  const resolver = createResolver({
    nameServer: server.nameServer,
    timeoutMs: 20,
  });
  await assertRefusesLater(resolver.alias("db.example"), {
    kind: "unreachable",
    message: 'Host "db.example" cannot be looked up: no name server answers',
    hint: "Check the network, or pass the RDS endpoint's own name as --host",
  });
});

Deno.test("createResolver() finds the address of a host, and of an address", async () => {
  const resolver = createResolver();
  assert.match(await resolver.address("localhost"), /^(127\.0\.0\.1|::1)$/);
  assert.equal(await resolver.address("127.0.0.1"), "127.0.0.1");
  assert.equal(await resolver.address("::1"), "::1");
});

Deno.test("createResolver() refuses a host without an address", async () => {
  await assertRefusesLater(createResolver().address("no such host"), {
    kind: "unreachable",
    message: 'Host "no such host" has no address',
    hint: "Check the name given to --connect",
  });
});
