import assert from "node:assert/strict";
import { REFUSALS } from "../../../../core/database/mysql_login_refusal.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import { judgeMysqlRefusal } from "../../../../core/doctor/judge/mysql_login.ts";
import { fakeTarget } from "../../../fakes.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const EVIDENCE = {
  target: fakeTarget({ engine: "mysql", database: "shop" }),
  words: WORDS,
  admin: undefined,
  address: "10.0.0.1",
  database: undefined,
  isAllowed: undefined,
};

Deno.test("judgeMysqlRefusal() tells a refused token from an account that takes none", () => {
  const message =
    "Access denied for user 'app'@'10.0.0.5' (using password: YES)";
  const number = REFUSALS.accessDenied;
  const token = judgeMysqlRefusal(
    { number, message, asked: "token" },
    EVIDENCE,
  );
  assert.ok(token.status === "failed");
  assert.equal(token.symptom, "token");
  assert.equal(token.remedy, "rdsiam policy orders");
  const other = judgeMysqlRefusal(
    { number, message, asked: "something-else" },
    EVIDENCE,
  );
  assert.ok(other.status === "failed");
  assert.equal(other.symptom, "password");
  assert.equal(other.remedy, "rdsiam setup-db orders --admin-username admin");
});

Deno.test("judgeMysqlRefusal() has a remedy for each refusal, and the server's words where they say it", () => {
  for (const [name, number] of Object.entries(REFUSALS)) {
    const message = `What the server says of ${name}`;
    const finding = judgeMysqlRefusal(
      { number, message, asked: "token" },
      EVIDENCE,
    );
    assert.ok(finding.status === "failed", name);
    assert.ok(finding.remedy, name);
  }
  const unknown = judgeMysqlRefusal(
    { number: 9999, message: "Something new", asked: "token" },
    EVIDENCE,
  );
  assert.deepEqual(unknown, {
    status: "failed",
    kind: "refused",
    detail: "Something new",
    remedy: undefined,
    symptom: "refused",
  });
});

Deno.test("judgeMysqlRefusal() repeats what RDS Proxy says in its own words", () => {
  const message = "This RDS proxy has no credentials for the role app";
  const { number } = { number: REFUSALS.accessDenied };
  const finding = judgeMysqlRefusal(
    { number, message, asked: "token" },
    EVIDENCE,
  );
  assert.equal(finding.detail, message);
});
