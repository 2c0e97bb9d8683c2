import assert from "node:assert/strict";
import {
  describeService,
  isServiceName,
} from "../../../core/daemon/definition.ts";
import { definition } from "./example.ts";

Deno.test("isServiceName() takes what is a file's name everywhere", () => {
  for (const name of ["rdsiam", "orders-proxy", "a_1"]) {
    assert.equal(isServiceName(name), true, name);
  }
  const wrong = ["", "-x", "a.b", "a/b", "a\\b", "a b", "a@b", "a\n", "é"];
  for (const name of wrong) assert.equal(isServiceName(name), false, name);
});

Deno.test("describeService() begins with the service's name", () => {
  assert.match(describeService(definition({ name: "orders" })), /^orders: /);
});
