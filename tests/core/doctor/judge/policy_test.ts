import assert from "node:assert/strict";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import { judgePolicy } from "../../../../core/doctor/judge/policy.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };

Deno.test("judgePolicy() tells a denial from a missing permission", () => {
  const principal = "arn:aws:iam::1:role/app";
  function judge(
    decision: "explicit deny" | "no statement allows it",
    deniedBy?: "organization",
  ) {
    const finding = judgePolicy(
      { decision, principal, ...(deniedBy && { deniedBy }) },
      "arn:r",
      WORDS,
    );
    return finding.status === "suspect" ? [finding.detail, finding.remedy] : [];
  }
  assert.deepEqual(judge("no statement allows it"), [
    "no policy of arn:aws:iam::1:role/app allows rds-db:connect on arn:r",
    "rdsiam policy orders",
  ]);
  const lift = "Ask who keeps the account's policies to lift the denial";
  assert.deepEqual(judge("explicit deny"), [
    "rds-db:connect on arn:r is denied to arn:aws:iam::1:role/app",
    lift,
  ]);
  assert.deepEqual(judge("no statement allows it", "organization"), [
    "rds-db:connect on arn:r is denied by the organization to arn:aws:iam::1:role/app",
    lift,
  ]);
  assert.deepEqual(
    judgePolicy({ decision: "unknown", why: "root has none" }, "arn:r", WORDS),
    { status: "skipped", detail: "root has none" },
  );
});
