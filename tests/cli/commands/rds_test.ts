import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import { workingContext } from "../../fakes.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const GENERATE = ["rds", "generate-db-auth-token"];
const WHOLE = ["--hostname", HOST, "--port", "5432", "--username", "app"];

Deno.test("rds generate-db-auth-token prints a token as aws does", async () => {
  const { context, signer, stdout, stderr } = workingContext();
  const args = [...GENERATE, ...WHOLE, "--profile", "prod"];
  assert.equal(await run(args, context), 0);
  assert.equal(stdout.text, "token-1\n");
  assert.equal(stderr.text, "");
  const [{ host, port, username, region, profile } = {}] = signer.requests;
  assert.deepEqual([host, port, username, region, profile], [
    HOST,
    5432,
    "app",
    "eu-west-1",
    "prod",
  ]);
});

Deno.test("rds generate-db-auth-token minds no variable but AWS's, as aws does", async () => {
  const { context, signer, stderr } = workingContext({
    environment: {
      AWS_PROFILE: "prod",
      RDSIAM_TARGET: "postgres://other@db/?region=us-east-1&role_arn=other",
      PGHOST: "other",
      PGPORT: "0",
      PGUSER: "other",
      PGSSLMODE: "prefer",
      PGHOSTADDR: "127.0.0.1",
    },
  });
  assert.equal(await run([...GENERATE, ...WHOLE], context), 0);
  assert.equal(stderr.text, "");
  const [{ host, region, profile, roleArn } = {}] = signer.requests;
  assert.equal(host?.startsWith("other"), false);
  // The profile of the environment is for who looks credentials up: keys beside it beat it.
  assert.deepEqual([region, profile, roleArn], [
    "eu-west-1",
    undefined,
    undefined,
  ]);
});

Deno.test("rds generate-db-auth-token takes aws's global options, before and behind", async () => {
  const { stdout: plain } = await (async () => {
    const world = workingContext();
    await run([...GENERATE, ...WHOLE, "--profile", "dev"], world.context);
    return world;
  })();
  const options = [
    ...["--debug", "--output", "text", "--query", "x", "--no-verify-ssl"],
    ...["--ca-bundle", "ca.pem", "--color", "off", "--no-paginate"],
    ...["--endpoint-url", "http://localhost", "--cli-read-timeout", "5"],
    ...["--cli-connect-timeout", "5", "--no-cli-pager"],
  ];
  for (
    const args of [
      [...options, "--profile", "dev", ...GENERATE, ...WHOLE],
      [...GENERATE, ...WHOLE, ...options, "--profile", "dev"],
      ["--profile", "dev", "--region", "eu-west-1", ...GENERATE, ...WHOLE],
    ]
  ) {
    const { context, signer, stdout, stderr } = workingContext();
    assert.equal(await run(args, context), 0, stderr.text);
    assert.equal(stdout.text, plain.text);
    assert.equal(signer.requests[0]?.profile, "dev");
  }
});

Deno.test("rds generate-db-auth-token refuses a wrong port", async () => {
  const { context, stderr } = workingContext();
  const args = [...GENERATE, ...WHOLE, "--port", "0"];
  assert.equal(await run(args, context), 2);
  assert.equal(
    stderr.text,
    'error: Port "0" of --port is not valid\nhint: Give a whole number from 1 to 65535\n',
  );
});
