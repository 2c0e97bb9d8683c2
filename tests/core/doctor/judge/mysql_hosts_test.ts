import assert from "node:assert/strict";
import fc from "fast-check";
import { hostsFor } from "../../../../core/doctor/judge/mysql_hosts.ts";

function order(hosts: readonly string[], address: string): string[] {
  return hostsFor(hosts.map((host) => ({ host })), address)
    .map(({ host }) => host);
}

Deno.test("hostsFor() keeps the hosts of an address, the most specific first", () => {
  assert.deepEqual(
    order(["%", "10.%", "10.0.0.5", "10.0.%", "192.%", ""], "10.0.0.5"),
    ["10.0.0.5", "10.0.%", "10.%", "%", ""],
  );
  assert.deepEqual(order(["10.0.0._", "10.0.0.5%"], "10.0.0.5"), [
    "10.0.0.5%",
    "10.0.0._",
  ]);
  assert.deepEqual(order(["LocalHost", "local.ost"], "localhost"), [
    "LocalHost",
  ]);
  assert.deepEqual(order(["%", "10.0.0.0/255.255.0.0"], "10.0.0.5"), [
    "10.0.0.0/255.255.0.0",
    "%",
  ]);
});

Deno.test("hostsFor() takes no character of a host for anything but itself, % and _", () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), (host, address) => {
      fc.pre(!/[%_/]/.test(host) && host !== "");
      const isSame = host.toLowerCase() === address;
      assert.deepEqual(order([host], address), isSame ? [host] : []);
    }),
  );
});
