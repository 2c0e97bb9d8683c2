import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rdsCaBundle, rootsOfRegion } from "../../../adapters/roots/rds_ca.ts";

const NOW = Date.parse("2026-01-15T12:34:56Z");

function certificates(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----\n/g) ?? [])
    .map((one) => new X509Certificate(one));
}

Deno.test("rdsCaBundle() has the roots of RDS and of RDS Proxy", () => {
  const subjects = certificates(rdsCaBundle(NOW).pem)
    .map(({ subject }) => subject);
  for (
    const name of [
      "CN=Amazon RDS eu-west-1 Root CA RSA2048 G1",
      "CN=Amazon RDS us-east-1 Root CA ECC384 G1",
      "CN=Amazon Root CA 1",
    ]
  ) {
    assert.ok(subjects.some((subject) => subject.includes(name)), name);
  }
});

Deno.test("rdsCaBundle() has nothing but authorities", () => {
  const { pem } = rdsCaBundle(NOW);
  const all = certificates(pem);
  assert.ok(all.every(({ ca }) => ca));
  // Joined, they are the bundle: no text is between them that a client could stumble over.
  const joined = all.map((one) => one.toString()).join("");
  assert.equal(joined.replaceAll("\n", ""), pem.replaceAll("\n", ""));
});

Deno.test("rdsCaBundle() leaves out what has expired", () => {
  const all = certificates(rdsCaBundle(0).pem);
  const current = certificates(rdsCaBundle(NOW).pem);
  assert.ok(all.some(({ subject }) => subject.includes("Root 2019 CA")));
  assert.ok(current.length > 0 && current.length < all.length);
  assert.ok(current.every(({ validTo }) => Date.parse(validTo) > NOW));
  assert.deepEqual(rdsCaBundle(Date.parse("2200-01-01")), {
    pem: "",
    regions: new Set(),
  });
});

Deno.test("rdsCaBundle() says for which regions there is a root", () => {
  const { regions } = rdsCaBundle(NOW);
  for (const region of ["eu-west-1", "us-east-1", "ap-southeast-4"]) {
    assert.ok(regions.has(region), region);
  }
  assert.ok(!regions.has("cn-north-1"));
  assert.ok([...regions].every((region) => /^[a-z-]+-\d$/.test(region)));
});

// security: roots-by-target
Deno.test("rootsOfRegion() has the roots of the region and of RDS Proxy alone", () => {
  const { pem } = rdsCaBundle(NOW);
  const names = certificates(rootsOfRegion(pem, "eu-west-1"))
    .map(({ subject }) => /CN=(.+)/.exec(subject)?.[1] ?? "");
  assert.deepEqual(names.filter((name) => name.includes("RDS")).sort(), [
    "Amazon RDS eu-west-1 Root CA ECC384 G1",
    "Amazon RDS eu-west-1 Root CA RSA2048 G1",
    "Amazon RDS eu-west-1 Root CA RSA4096 G1",
  ]);
  assert.ok(names.includes("Amazon Root CA 1"));
  assert.ok(names.length < 10, `${names.length} roots`);
  const others = certificates(rootsOfRegion(pem, "xx-nowhere-1"));
  assert.ok(others.length > 0);
  assert.ok(others.every(({ subject }) => !subject.includes("Amazon RDS")));
});
