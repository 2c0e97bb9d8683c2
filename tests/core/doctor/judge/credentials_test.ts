import assert from "node:assert/strict";
import { START } from "../../../fakes.ts";
import { judgeCredentials } from "../../../../core/doctor/judge/credentials.ts";

Deno.test("judgeCredentials() warns of credentials that do not outlive a token", () => {
  assert.deepEqual(judgeCredentials("SSO", undefined, START), {
    status: "ok",
    detail: "SSO",
  });
  assert.deepEqual(judgeCredentials("SSO", START + 300_000, START), {
    status: "warning",
    detail: "SSO, good for 5 min: no token lasts longer",
  });
});
