import assert from "node:assert/strict";
import { createIamApi } from "../../../adapters/aws/iam_api.ts";
import type { AwsCallError } from "../../../core/aws/call_error.ts";
import { startAws } from "./caller.ts";

const USER = "arn:aws:iam::123456789012:user/team/jane";
const SESSION = "arn:aws:sts::123456789012:assumed-role/app/session";
const RESOURCE = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app";
const CONNECT = { action: "rds-db:connect", resource: RESOURCE };

Deno.test("IamApi.simulate() asks about a user, and about the role behind a session with its path", async () => {
  await using aws = await startAws();
  const iam = createIamApi(aws.caller);
  assert.deepEqual(await iam.simulate({ callerArn: USER, ...CONNECT }), {
    decision: "allowed",
    principal: USER,
  });
  const role = "arn:aws:iam::123456789012:role/teams/db/app";
  aws.server.iam.roles = { app: role };
  assert.deepEqual(await iam.simulate({ callerArn: SESSION, ...CONNECT }), {
    decision: "allowed",
    principal: role,
  });
});

Deno.test("IamApi.simulate() says what denies", async () => {
  await using aws = await startAws();
  const iam = createIamApi(aws.caller);
  const request = { callerArn: USER, ...CONNECT };
  aws.server.iam.policy = {
    Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
  };
  assert.deepEqual(await iam.simulate(request), {
    decision: "no statement allows it",
    principal: USER,
  });
  aws.server.iam.policy = {
    Statement: { Effect: "Deny", Action: "rds-db:*", Resource: "*" },
  };
  assert.deepEqual(await iam.simulate(request), {
    decision: "explicit deny",
    principal: USER,
  });
  aws.server.iam.isAllowedByOrganization = false;
  assert.deepEqual(await iam.simulate(request), {
    decision: "no statement allows it",
    principal: USER,
    deniedBy: "organization",
  });
});

Deno.test("IamApi.simulate() takes a role to have no path where it may not look", async () => {
  await using aws = await startAws();
  aws.server.deny("iam:GetRole");
  const { calls } = aws.server;
  const iam = createIamApi(aws.caller);
  await iam.simulate({ callerArn: SESSION, ...CONNECT });
  assert.equal(
    calls.at(-1)?.parameters.get("PolicySourceArn"),
    "arn:aws:iam::123456789012:role/app",
  );
});

Deno.test("IamApi.simulate() knows nothing of root and federated users, and asks nothing", async () => {
  await using aws = await startAws();
  const iam = createIamApi(aws.caller);
  for (
    const [callerArn, why] of [
      [
        "arn:aws:iam::123456789012:root",
        "the account's root user has no policies",
      ],
      [
        "arn:aws:sts::123456789012:federated-user/jane",
        "the caller is neither a user nor a role",
      ],
    ] as const
  ) {
    assert.deepEqual(await iam.simulate({ callerArn, ...CONNECT }), {
      decision: "unknown",
      why,
    });
  }
  assert.deepEqual(aws.server.calls, []);
});

Deno.test("IamApi.simulate() says which permission it lacks", async () => {
  await using aws = await startAws();
  aws.server.deny("iam:SimulatePrincipalPolicy");
  await assert.rejects(
    createIamApi(aws.caller).simulate({ callerArn: USER, ...CONNECT }),
    (error: AwsCallError) =>
      error.refusal === "denied" &&
      error.action === "iam:SimulatePrincipalPolicy",
  );
});
