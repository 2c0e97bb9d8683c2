import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Secret } from "../../core/secret.ts";

// security: secret-type
Deno.test("Secret hides its value in strings, JSON and inspection", () => {
  const secret = new Secret("hunter2");
  assert.equal(`${secret}`, "[secret]");
  assert.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}');
  assert.equal(Deno.inspect(secret), "[secret]");
  assert.equal(inspect(secret), "[secret]");
});

Deno.test("Secret.reveal() gives the value", () => {
  assert.equal(new Secret("hunter2").reveal(), "hunter2");
});
