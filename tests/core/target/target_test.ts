import assert from "node:assert/strict";
import { dialledAddress } from "../../../core/engine/login_target.ts";
import { fakeTarget } from "../../fakes.ts";

Deno.test("dialledAddress() is the endpoint's", () => {
  const { host, port } = fakeTarget();
  assert.deepEqual(dialledAddress(fakeTarget()), { host, port });
});

Deno.test("dialledAddress() is connect's where it is given", () => {
  const connect = { host: "127.0.0.1", port: 15432 };
  assert.deepEqual(dialledAddress(fakeTarget({ connect })), connect);
});
