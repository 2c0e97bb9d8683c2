import { systemClock } from "../../../adapters/process/clock.ts";
import assert from "node:assert/strict";
import process from "node:process";
import { askChain } from "../../../adapters/credentials/sdk_chain.ts";
import { explainCredentialsError } from "../../../adapters/credentials/errors.ts";
import { assertRdsiamError } from "../../rdsiam_error.ts";
import { setUpAws } from "./aws_fixture.ts";

Deno.test("askChain() gives a container's agent up that never answers", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using _aws = await setUpAws("", {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${silent.addr.port}/`,
  });
  const error = await askChain({
    clock: systemClock,
    region: "eu-west-1",
    mfaCode: () => assert.fail("it asked"),
    onReason() {},
    endpoints: { sts: {}, sso: {} },
    profileRegion: undefined,
    deadlineMs: 100,
  }).then(() => assert.fail("there were some"), (error) => error);
  assertRdsiamError(
    explainCredentialsError(
      error,
      { region: "eu-west-1" },
      {},
      process.env,
    ),
    {
      kind: "credentials",
      message:
        "AWS cannot be reached for the credentials of the container (AWS_CONTAINER_CREDENTIALS_*_URI): TimeoutError",
      hint:
        "Check the network, and the proxy or endpoint that the AWS configuration names",
    },
  );
});
