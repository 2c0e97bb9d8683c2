import assert from "node:assert/strict";
import {
  connectArn,
  type Decision,
  evaluatePolicy,
  parsePolicy,
} from "../../../core/policy/policy.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const ARN = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC/jane.doe";

function decide(
  statements: unknown,
  resource = ARN,
  action = "rds-db:connect",
): Decision {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return evaluatePolicy(parsePolicy(text), action, resource);
}

function allow(parts: Record<string, unknown>) {
  return { Effect: "Allow", Action: "rds-db:connect", Resource: ARN, ...parts };
}

Deno.test("connectArn() holds the user as it is", () => {
  const resource = {
    partition: "aws-cn",
    region: "cn-north-1",
    account: "123456789012",
    resourceId: "cluster-ABC",
    username: "jane.doe@example.com",
  };
  assert.equal(
    connectArn(resource),
    "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:cluster-ABC/jane.doe@example.com",
  );
});

Deno.test("evaluatePolicy() allows what a statement allows, alone or in a list", () => {
  assert.equal(decide(allow({})), "allowed");
  assert.equal(decide([allow({})]), "allowed");
  assert.equal(
    decide(allow({ Action: ["s3:*", "rds-db:connect"], Resource: ["x", ARN] })),
    "allowed",
  );
});

Deno.test("evaluatePolicy() refuses what no statement allows", () => {
  const nothing = "no statement allows it";
  assert.equal(decide([]), nothing);
  assert.equal(decide(allow({ Action: "rds:connect" })), nothing);
  assert.equal(decide(allow({ Resource: `${ARN}x` })), nothing);
  assert.equal(decide(allow({}), "x"), nothing);
  assert.equal(decide(allow({}), ARN, "rds-db:other"), nothing);
});

Deno.test("evaluatePolicy() lets a deny beat every allow, in any order", () => {
  const everything = allow({ Action: "*", Resource: "*" });
  const deny = { Effect: "Deny", Action: "rds-db:*", Resource: ARN };
  assert.equal(decide([everything, deny]), "explicit deny");
  assert.equal(decide([deny, everything]), "explicit deny");
  assert.equal(decide([deny]), "explicit deny");
  assert.equal(decide([everything, deny], `${ARN}x`), "allowed");
});

Deno.test("evaluatePolicy() takes wildcards", () => {
  const prefix = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:";
  for (
    const pattern of [
      "*",
      `${prefix}*`,
      `${prefix}*/*`,
      `${prefix}*/jane.doe`,
      `${prefix}db-???/jane.*`,
      "arn:aws:rds-db:*:*:dbuser:*/jane.doe",
    ]
  ) {
    assert.equal(decide(allow({ Resource: pattern })), "allowed", pattern);
  }
  for (const pattern of [`${prefix}db-??/*`, `${prefix}*/jane?doe?`, "", "?"]) {
    const decision = decide(allow({ Resource: pattern }));
    assert.equal(decision, "no statement allows it", pattern);
  }
});

Deno.test("evaluatePolicy() takes every other character as itself", () => {
  const resource = allow({
    Resource: ARN.replace("jane.doe", "jane.doe+[x](y)"),
  });
  assert.equal(decide(resource, ARN), "no statement allows it");
  assert.equal(decide(resource, `${ARN}+[x](y)`), "allowed");
  const dot = ARN.replace("jane.doe", "janeXdoe");
  assert.equal(decide(allow({}), dot), "no statement allows it");
});

Deno.test("evaluatePolicy() minds the case of resources, not of actions", () => {
  assert.equal(decide(allow({ Action: "RDS-DB:Connect" })), "allowed");
  assert.equal(
    decide(allow({ Resource: ARN.replace("jane", "Jane") })),
    "no statement allows it",
  );
});

Deno.test("evaluatePolicy() takes NotAction and NotResource for all but these", () => {
  const notAction = { Effect: "Allow", NotAction: "s3:*", Resource: "*" };
  assert.equal(decide(notAction), "allowed");
  assert.equal(
    decide(notAction, ARN, "s3:GetObject"),
    "no statement allows it",
  );
  const others = { Effect: "Deny", Action: "*", NotResource: [ARN] };
  assert.equal(decide([allow({ Resource: "*" }), others]), "allowed");
  assert.equal(
    decide([allow({ Resource: "*" }), others], `${ARN}x`),
    "explicit deny",
  );
});

Deno.test("parsePolicy() refuses what it cannot read or evaluate", () => {
  const rows: [document: unknown, why: string][] = [
    [[], "Statement is missing"],
    ["text", "Statement is missing"],
    [null, "Statement is missing"],
    [{}, "Statement is missing"],
    [{ Statement: "x" }, "a statement is not an object"],
    [{ Statement: [null] }, "a statement is not an object"],
    [{ Statement: [[]] }, "a statement is not an object"],
    [{ Statement: {} }, "Effect is neither Allow nor Deny"],
    [
      { Statement: allow({ Effect: "allow" }) },
      "Effect is neither Allow nor Deny",
    ],
    [
      { Statement: allow({ Condition: {} }) },
      "Condition cannot be evaluated here",
    ],
    [
      { Statement: allow({ Principal: "*" }) },
      "Principal cannot be evaluated here",
    ],
    [{ Statement: allow({ action: "x" }) }, "action cannot be evaluated here"],
    [
      { Statement: { Effect: "Allow", Resource: "*" } },
      "a statement needs either Action or NotAction",
    ],
    [
      { Statement: allow({ NotAction: "x" }) },
      "a statement needs either Action or NotAction",
    ],
    [
      { Statement: { Effect: "Allow", Action: "*" } },
      "a statement needs either Resource or NotResource",
    ],
    [{ Statement: allow({ Action: 1 }) }, "Action is not a text"],
    [{ Statement: allow({ Action: null }) }, "Action is not a text"],
    [{ Statement: allow({ Resource: ["*", {}] }) }, "Resource is not a text"],
    [
      { Statement: allow({ Resource: "arn:*:dbuser:*/${aws:username}" }) },
      "the variable in Resource cannot be evaluated here",
    ],
  ];
  for (const [document, why] of rows) {
    assertRefuses(() => parsePolicy(JSON.stringify(document)), {
      message: `IAM policy cannot be used: ${why}`,
      hint: "Give an identity-based policy of Effect, Action and Resource",
    });
  }
});

Deno.test("parsePolicy() refuses what is not JSON", () => {
  assertRefuses(() => parsePolicy("{"), {
    message: "IAM policy cannot be used: it is not JSON",
    hint: "Give an identity-based policy of Effect, Action and Resource",
  });
});

Deno.test("parsePolicy() takes a Sid", () => {
  assert.equal(decide(allow({ Sid: "Connect" })), "allowed");
});
