import assert from "node:assert/strict";
import { describeEndpoint } from "../../../../core/doctor/judge/endpoint.ts";
import { parseEndpoint } from "../../../../core/target/endpoint.ts";
import { fakeTarget } from "../../../fakes.ts";

const TARGET = fakeTarget();

Deno.test("describeEndpoint() tells of an alias and of what is dialled", () => {
  const endpoint = parseEndpoint(TARGET.host);
  assert.ok(endpoint);
  assert.equal(
    describeEndpoint(
      endpoint,
      { ...TARGET, connect: { host: "::1", port: 1 } },
      "DB.example.com.",
    ).detail,
    `instance ${TARGET.host}:5432, alias db.example.com, through [::1]:1`,
  );
});
