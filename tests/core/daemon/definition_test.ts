import assert from "node:assert/strict";
import {
  describeDaemon,
  isDaemonName,
} from "../../../core/daemon/definition.ts";
import { definition } from "./example.ts";

Deno.test("isDaemonName() takes what is a file's name everywhere", () => {
  for (const name of ["rdsiam", "orders-proxy", "a_1"]) {
    assert.equal(isDaemonName(name), true, name);
  }
  const wrong = ["", "-x", "a.b", "a/b", "a\\b", "a b", "a@b", "a\n", "é"];
  for (const name of wrong) assert.equal(isDaemonName(name), false, name);
});

Deno.test("describeDaemon() begins with the service's name", () => {
  assert.match(describeDaemon(definition({ name: "orders" })), /^orders: /);
});
