import assert from "node:assert/strict";
import { explainFailure } from "../../../adapters/credentials/failure_rules.ts";
import { askContainer } from "../../../adapters/credentials/sdk_providers.ts";
import { systemClock } from "../../../adapters/process/clock.ts";
import { setUpAws } from "./aws_fixture.ts";

Deno.test("askContainer() gives a container's agent up that never answers", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using _aws = await setUpAws("", {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${silent.addr.port}/`,
  });
  const error = await askContainer(systemClock, 100)
    .then(() => assert.fail("there were some"), (error) => error);
  assert.throws(() => explainFailure({ kind: "container" }, error), {
    kind: "credentials",
    message:
      "AWS cannot be reached for the credentials of the container (AWS_CONTAINER_CREDENTIALS_*_URI): TimeoutError",
    hint:
      "Check the network, and the proxy or endpoint that the AWS configuration names",
  });
});
