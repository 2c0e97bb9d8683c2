import assert from "node:assert/strict";
import fc from "fast-check";
import { redact } from "../../../core/doctor/redact.ts";
import { parseEndpoint } from "../../../core/target/endpoint.ts";

const CASES: readonly [text: string, redacted: string][] = [
  [
    "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com:5432",
    "orders.<id>.eu-west-1.rds.amazonaws.com:5432",
  ],
  [
    "Orders.CLUSTER-ro-abc123.us-gov-west-1.rds.amazonaws.com",
    "Orders.CLUSTER-ro-<id>.us-gov-west-1.rds.amazonaws.com",
  ],
  [
    "reports.endpoint.proxy-abc.eu-west-1.rds.amazonaws.com",
    "reports.endpoint.proxy-<id>.eu-west-1.rds.amazonaws.com",
  ],
  [
    "a.abc.rds.cn-north-1.amazonaws.com.cn",
    "a.<id>.rds.cn-north-1.amazonaws.com.cn",
  ],
  [
    "g.global-abc.global.rds.amazonaws.com",
    "g.global-<id>.global.rds.amazonaws.com",
  ],
  [
    "arn:aws:sts::123456789012:assumed-role/Admin/jane@example.com is",
    "arn:aws:sts::<account>:assumed-role/Admin/<session> is",
  ],
  [
    "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app",
    "arn:aws:rds-db:eu-west-1:<account>:dbuser:db-<id>/app",
  ],
  ["key AKIAIOSFODNN7EXAMPLE", "key AKIA<id>"],
  [
    "port 5432, 10.0.3.17, 1234567890123",
    "port 5432, 10.0.3.17, 1234567890123",
  ],
];

for (const [text, redacted] of CASES) {
  Deno.test(`redact() makes ${redacted}`, () => {
    assert.equal(redact(text), redacted);
  });
}

Deno.test("redact() leaves no account id, and changes nothing twice", () => {
  const account = fc.stringMatching(/^\d{12}$/);
  const around = fc.string().filter((text) => !/\d/.test(text));
  fc.assert(fc.property(account, around, around, (id, before, after) => {
    const redacted = redact(`${before}${id}${after}`);
    assert.ok(!redacted.includes(id));
    assert.equal(redact(redacted), redacted);
  }));
});

Deno.test("redact() leaves no random part of any endpoint's name", () => {
  const id = fc.stringMatching(/^[a-z0-9]{12}$/);
  const kind = fc.constantFrom("", "cluster-", "cluster-ro-", "proxy-");
  const place = fc.constantFrom(
    "eu-west-1.rds.amazonaws.com",
    "rds.cn-north-1.amazonaws.com.cn",
    "eu-west-1.rds-fips.api.aws",
  );
  fc.assert(fc.property(id, kind, place, (id, kind, place) => {
    const host = `orders.${kind}${id}.${place}`;
    assert.notEqual(parseEndpoint(host), undefined);
    assert.equal(redact(host), `orders.${kind}<id>.${place}`);
  }));
});
