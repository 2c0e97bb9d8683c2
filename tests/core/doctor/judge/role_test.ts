import assert from "node:assert/strict";
import { fakeTarget } from "../../../fakes.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import { judgeAccess, judgeRole } from "../../../../core/doctor/judge/role.ts";
import type { RoleFacts } from "../../../../core/doctor/judge/role_facts.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const TARGET = fakeTarget();

const ROLE: RoleFacts = {
  exists: true,
  hasRdsIam: true,
  isIam: true,
  canLogin: true,
  isReplication: false,
  canConnect: true,
  canUsePublic: true,
  logins: [],
};
const CONTEXT = {
  target: TARGET,
  words: WORDS,
  admin: undefined,
  isBehindRdsProxy: false,
};

Deno.test("judgeRole() says of each role what keeps it out", () => {
  function judge(changes: Partial<RoleFacts>, isBehindRdsProxy = false) {
    return judgeRole({ ...ROLE, ...changes }, { ...CONTEXT, isBehindRdsProxy })
      .detail;
  }
  assert.equal(judge({}), '"app" is in rds_iam');
  assert.equal(judge({ canLogin: false }), 'role "app" may not log in');
  assert.equal(
    judge({ hasRdsIam: false, isIam: false }),
    "there is no role rds_iam: this is not an RDS database",
  );
  assert.equal(
    judge({ exists: false, logins: ["apps"] }),
    'role "app" does not exist, "apps" does',
  );
  assert.equal(
    judge({ isIam: false }, true),
    '"app" is there; the proxy logs it in',
  );
  assert.equal(
    judge({ isReplication: true }),
    '"app" is in rds_iam, and no token is good for replication, which it may',
  );
});

Deno.test("judgeAccess() tells what is missing in the database", () => {
  function judge(changes: Partial<RoleFacts>) {
    return judgeAccess({ ...ROLE, ...changes }, CONTEXT);
  }
  assert.deepEqual(judge({ canConnect: false }), {
    status: "suspect",
    kind: "refused",
    detail: 'CONNECT on "orders" is missing',
    remedy: "rdsiam setup-db orders --admin-username postgres",
    explains: ["refused"],
  });
  assert.deepEqual(judge({ canUsePublic: false }), {
    status: "warning",
    detail: 'CONNECT on "orders", no USAGE on schema public',
    remedy: "rdsiam grant orders --preset readonly --admin-username postgres",
  });
  assert.equal(
    judge({ canUsePublic: undefined }).detail,
    'CONNECT on "orders", there is no schema public',
  );
});
