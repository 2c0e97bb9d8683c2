import assert from "node:assert/strict";
import { parsePolicy } from "../../../core/policy/policy.ts";
import { parseEndpoint } from "../../../core/target/endpoint.ts";
import {
  createJudge,
  emulatedArn,
  type JudgeOptions,
} from "../../../services/emulator/judge.ts";
import { FakeClock } from "../../fakes.ts";
import {
  tokenVector,
  VECTOR_TIME,
  vectorExpectation,
} from "../../testdata/token_vectors.ts";

const VECTOR = tokenVector("plain");

function judge(
  changes: Partial<JudgeOptions> = {},
  { laterMs = 0, username = VECTOR.username, token = VECTOR.js } = {},
) {
  const options = {
    ...vectorExpectation(VECTOR),
    endpoint: parseEndpoint(VECTOR.hostname),
    policy: undefined,
    clock: new FakeClock(VECTOR_TIME + laterMs),
    ...changes,
  };
  return createJudge(options)(username, token);
}

function policyFor(resource: string, effect = "Allow") {
  return parsePolicy(JSON.stringify({
    Statement: { Effect: effect, Action: "rds-db:connect", Resource: resource },
  }));
}

Deno.test("createJudge() lets a good token in and says how old it is", async () => {
  assert.deepEqual(await judge({}, { laterMs: 59_400 }), {
    ok: true,
    reason: "token of AKIAIOSFODNN7EXAMPLE, 59 s old",
  });
});

Deno.test("createJudge() says of an old token that the signer's clock may be behind", async () => {
  assert.deepEqual(await judge({}, { laterMs: 300_000 }), {
    ok: true,
    reason:
      "token of AKIAIOSFODNN7EXAMPLE, 300 s old, or the clock of its signer is behind",
  });
});

Deno.test("createJudge() says when the signer's clock is ahead", async () => {
  assert.deepEqual(await judge({}, { laterMs: -299_000 }), {
    ok: true,
    reason:
      "token of AKIAIOSFODNN7EXAMPLE, dated 299 s in the future: the clock of its signer is ahead",
  });
  assert.deepEqual(await judge({}, { laterMs: -301_000 }), {
    ok: false,
    reason:
      "InvalidToken: it is dated 301 s in the future: the clock of its signer is ahead",
  });
});

Deno.test("createJudge() refuses in the words of RDS's log", async () => {
  assert.deepEqual(await judge({}, { laterMs: 1_200_000 }), {
    ok: false,
    reason:
      "ExpiredToken: it expired 300 s ago: it was signed 1200 s ago, or the clock of its signer is behind",
  });
  assert.deepEqual(await judge({}, { username: "app" }), {
    ok: false,
    reason: 'InvalidToken: DBUser is "jane_doe" where "app" is expected',
  });
  assert.deepEqual(await judge({}, { token: "hunter2" }), {
    ok: false,
    reason: "InvalidToken: the password is not a token",
  });
});

Deno.test("createJudge() takes a lifetime made for tests", async () => {
  assert.equal(
    (await judge({ lifetimeMs: 2_000 }, { laterMs: 2_000 })).ok,
    true,
  );
  assert.equal(
    (await judge({ lifetimeMs: 2_000 }, { laterMs: 3_000 })).ok,
    false,
  );
});

Deno.test("createJudge() asks the policy", async () => {
  const arn =
    "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-EMULATOR/jane_doe";
  assert.equal((await judge({ policy: policyFor(arn) })).ok, true);
  assert.deepEqual(await judge({ policy: policyFor(`${arn}x`) }), {
    ok: false,
    reason: `NotAuthorized: rds-db:connect on ${arn}: no statement allows it`,
  });
  assert.deepEqual(await judge({ policy: policyFor("*", "Deny") }), {
    ok: false,
    reason: `NotAuthorized: rds-db:connect on ${arn}: explicit deny`,
  });
});

Deno.test("createJudge() looks at the token before the policy", async () => {
  const { reason } = await judge({ policy: policyFor("*", "Deny") }, {
    token: "x",
  });
  assert.equal(reason, "InvalidToken: the password is not a token");
});

Deno.test("emulatedArn() names the resource that the endpoint is", () => {
  const rows: [host: string, region: string, arn: string][] = [
    [
      "a.b.us-east-1.rds.amazonaws.com",
      "us-east-1",
      "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-EMULATOR/app",
    ],
    [
      "a.cluster-ro-b.cn-north-1.rds.amazonaws.com.cn",
      "cn-north-1",
      "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:cluster-EMULATOR/app",
    ],
    [
      "a.proxy-b.us-gov-west-1.rds.amazonaws.com",
      "us-gov-west-1",
      "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:prx-emulator/app",
    ],
    [
      "db.example.com",
      "us-east-1",
      "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-EMULATOR/app",
    ],
  ];
  for (const [host, region, arn] of rows) {
    const endpoint = parseEndpoint(host);
    assert.equal(emulatedArn({ endpoint, region }, "app"), arn);
  }
});
