import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatAddress,
  isIpAddress,
  parseAddress,
  parsePort,
} from "../../../core/target/address.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("parsePort() takes 1 to 65535", () => {
  assert.equal(parsePort("1", "--port"), 1);
  assert.equal(parsePort("5432", "--port"), 5432);
  assert.equal(parsePort("65535", "--port"), 65535);
});

Deno.test("parsePort() refuses everything else, naming where it was given", () => {
  for (
    const text of ["", "0", "00000", "65536", "70000", "-1", "+1", "5e3", " 1"]
  ) {
    assertRefuses(() => parsePort(text, "PGPORT"), {
      message: `Port "${text}" of PGPORT is not valid`,
      hint: "Give a whole number from 1 to 65535",
    });
  }
});

Deno.test("parseAddress() reads a host, with a port and without", () => {
  const rows: [string, string, number | undefined][] = [
    ["localhost", "localhost", undefined],
    ["localhost:15432", "localhost", 15432],
    ["127.0.0.1", "127.0.0.1", undefined],
    ["127.0.0.1:1", "127.0.0.1", 1],
    ["::1", "::1", undefined],
    ["::ffff:127.0.0.1", "::ffff:127.0.0.1", undefined],
    ["[::1]", "::1", undefined],
    ["[2001:DB8::5]:65535", "2001:DB8::5", 65535],
  ];
  for (const [text, host, port] of rows) {
    assert.deepEqual(parseAddress(text, "--connect"), { host, port });
  }
});

Deno.test("parseAddress() refuses what is no address", () => {
  for (const text of ["", ":5432", "a b", "a/b", "a/b:1", "[::1", "[x]:1"]) {
    assertRefuses(() => parseAddress(text, "--connect"), {
      message: `Address "${text}" of --connect is not valid`,
      hint: "Give HOST, HOST:PORT or [IPV6]:PORT",
    });
  }
});

Deno.test("parseAddress() refuses a wrong port", () => {
  for (const port of ["", "0", "70000", "x"]) {
    assertRefuses(() => parseAddress(`[::1]:${port}`, "--connect"), {
      message: `Port "${port}" of --connect is not valid`,
      hint: "Give a whole number from 1 to 65535",
    });
  }
});

Deno.test("formatAddress() writes what parseAddress() reads", () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  const port = fc.integer({ min: 1, max: 65535 });
  fc.assert(fc.property(host, port, (host, port) => {
    const text = formatAddress(host, port);
    assert.deepEqual(parseAddress(text, "--listen"), { host, port });
  }));
});

Deno.test("isIpAddress() tells addresses from names", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), isIpAddress));
  fc.assert(fc.property(fc.domain(), (name) => !isIpAddress(name)));
});
