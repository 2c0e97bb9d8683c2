import assert from "node:assert/strict";
import { decodeRole } from "../../../../core/doctor/judge/role_facts.ts";

Deno.test("decodeRole() takes nothing for granted", () => {
  assert.deepEqual(decodeRole('{"exists":false,"logins":["a"],"isIam":null}'), {
    exists: false,
    hasRdsIam: false,
    isIam: false,
    canLogin: false,
    isReplication: false,
    canConnect: false,
    canUsePublic: undefined,
    logins: ["a"],
  });
  assert.throws(() => decodeRole("[]"), SyntaxError);
  assert.throws(() => decodeRole("null"), SyntaxError);
});
