import assert from "node:assert/strict";
import { fakeTarget } from "../../../fakes.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import { judgeRegion } from "../../../../core/doctor/judge/region.ts";
import { parseEndpoint } from "../../../../core/target/endpoint.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const TARGET = fakeTarget();

Deno.test("judgeRegion() follows a global endpoint to its primary", () => {
  const host = "orders.global-abc.global.rds.amazonaws.com";
  const endpoint = parseEndpoint(host);
  const primary = parseEndpoint("a.cluster-x.us-east-1.rds.amazonaws.com");
  assert.ok(endpoint && primary);
  const given = {
    value: "eu-west-1",
    origin: {
      kind: "config",
      target: "orders",
      key: "region",
      file: "f",
    } as const,
  };
  const options = { given, primary, words: WORDS };
  assert.deepEqual(judgeRegion(TARGET, endpoint, options), {
    status: "suspect",
    kind: "refused",
    detail:
      'tokens are signed for eu-west-1 (targets.orders.region in "f"), and the database is in us-east-1',
    remedy: 'Set targets.orders.region in "f" to "us-east-1"',
    explains: ["token"],
  });
  assert.deepEqual(
    judgeRegion(TARGET, endpoint, { ...options, primary: undefined }).detail,
    'eu-west-1, by targets.orders.region in "f": a global endpoint\'s name holds none',
  );
  assert.equal(
    judgeRegion({ region: "us-east-1" }, endpoint, options).detail,
    "us-east-1, where the global endpoint leads to",
  );
});
