import assert from "node:assert/strict";
import { createStsApi } from "../../../adapters/aws/sts_api.ts";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import { Refusal } from "../../aws/refusal.ts";
import { REGION } from "../../fake_aws.ts";
import { START } from "../../fakes.ts";
import { startAws } from "./caller.ts";

Deno.test("StsApi.identity() says who one is, and what time it is at AWS", async () => {
  await using aws = await startAws();
  aws.server.time = START;
  assert.deepEqual(await createStsApi(aws.caller).identity(REGION), {
    account: "123456789012",
    arn: "arn:aws:sts::123456789012:assumed-role/app/session",
    userId: "AROAEXAMPLE:session",
    serverTime: START,
  });
  assert.equal(aws.server.calls[0]?.accessKeyId, "AKIAEXAMPLE");
});

Deno.test("StsApi.identity() tells the time by AWS even when it is refused", async () => {
  await using aws = await startAws();
  aws.server.time = START;
  aws.server.refuse(
    "sts:GetCallerIdentity",
    new Refusal("ExpiredToken", "The security token is expired", 403),
  );
  await assert.rejects(
    createStsApi(aws.caller).identity(REGION),
    (error: AwsCallError) =>
      error instanceof AwsCallError && error.refusal === "credentials" &&
      error.serverTime === START,
  );
});
