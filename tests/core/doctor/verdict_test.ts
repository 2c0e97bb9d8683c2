import assert from "node:assert/strict";
import { verdict } from "../../../core/doctor/verdict.ts";
import type { CheckResult } from "../../../core/doctor/check.ts";

Deno.test("verdict() names what failed, else the command that logs in", () => {
  const ok: CheckResult = { check: "login", status: "ok", detail: "" };
  const odd: CheckResult = { check: "psql", status: "warning", detail: "" };
  const failed: CheckResult = {
    check: "tcp",
    status: "failed",
    kind: "unreachable",
    detail: "",
  };
  assert.equal(verdict([ok], "go"), "The login works: go");
  assert.equal(verdict([ok, odd], "go"), "The login works, with 1 warning: go");
  assert.equal(
    verdict([odd, odd], "go"),
    "Nothing wrong was found, with 2 warnings; the login itself was not tried: go",
  );
  assert.equal(
    verdict([failed, { ...failed, check: "credentials" }, odd], "go"),
    "Stopped at tcp and credentials: fix that, then run rdsiam doctor again",
  );
});
