import assert from "node:assert/strict";
import { fakeTarget, START } from "../../../fakes.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import { judgeCertificate } from "../../../../core/doctor/judge/certificate.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const TARGET = fakeTarget();

Deno.test("judgeCertificate() takes wildcards, and warns of what is not verified", () => {
  const expiresAt = START + 100 * 86_400_000;
  function judge(names: string[], changes = {}) {
    return judgeCertificate({ names, expiresAt }, fakeTarget(changes), {
      now: START,
      words: WORDS,
    });
  }
  const wildcard = "*.abc.eu-west-1.rds.amazonaws.com";
  assert.deepEqual(judge([wildcard]), {
    status: "ok",
    detail: "verified (verify-full), good for 100 days",
  });
  assert.deepEqual(judge([TARGET.host], { sslmode: "require" }), {
    status: "warning",
    detail:
      "encrypted, the server not verified (sslmode require), good for 100 days",
    remedy: "rdsiam doctor orders --sslmode verify-full",
  });
  assert.equal(
    judge([TARGET.host], { sslmode: "verify-ca" }).detail,
    "the issuer verified, the name not checked (sslmode verify-ca), good for 100 days",
  );
  assert.equal(judge(["tunnel.example.com"]).status, "suspect");
  assert.equal(judge(["*.eu-west-1.rds.amazonaws.com"]).status, "suspect");
});
