/** What goes wrong between here and AWS: one line, the right exit code, and what could be read. */
import assert from "node:assert/strict";
import { Refusal } from "../../aws/refusal.ts";
import { AwsQueryServer } from "../../aws/server.ts";
import { instance, proxy } from "../../fake_aws.ts";
import { rdsiam } from "../rdsiam.ts";

const LIST = "rds:DescribeDBInstances";
const WHERE = `${LIST} in eu-west-1`;

/** How the list of instances fails, what is said of it, and the exit code where it is all that there is. */
const FAULTS: readonly [
  name: string,
  prepare: (aws: AwsQueryServer) => void,
  message: RegExp,
  code: number,
][] = [
  [
    "throttled",
    (aws) => aws.throttle(LIST, Infinity),
    /AWS throttles the calls of rds:DescribeDBInstances in eu-west-1 just now: Rate exceeded/,
    1,
  ],
  [
    "a failure of AWS",
    (aws) => aws.refuse(LIST, new Refusal("InternalFailure", "Oops", 500)),
    /AWS is out of order for .* Oops \(InternalFailure, HTTP 500\)/,
    4,
  ],
  ...([
    ["a sign-in page", 200],
    ["nothing", 200],
    ["a proxy's 502", 502],
    ["an empty 503", 503],
    ["cut XML", 200],
  ] as const).map(([answer, status]): typeof FAULTS[number] => [
    answer,
    (aws) => aws.refuse(LIST, answer),
    new RegExp(`What answered ${WHERE} is not AWS \\(HTTP ${status}\\)`),
    4,
  ]),
  [
    "denied",
    (aws) => aws.deny(LIST),
    /AWS does not let .* call rds:DescribeDBInstances in eu-west-1: no identity-based policy/,
    3,
  ],
  [
    "expired credentials",
    (aws) =>
      aws.refuse(LIST, new Refusal("ExpiredToken", "The token expired", 403)),
    /AWS refused the credentials in eu-west-1: The token expired/,
    3,
  ],
  [
    "a clock that AWS does not take",
    (aws) =>
      aws.refuse(
        LIST,
        new Refusal("SignatureDoesNotMatch", "Signature expired: x", 403),
      ),
    /AWS refused the signature of .*: Signature expired: x/,
    3,
  ],
];

for (const [name, prepare, message, code] of FAULTS) {
  Deno.test(`targets discover says of ${name} what it is, and shows the rest`, async () => {
    await using aws = new AwsQueryServer([instance("orders"), proxy("pool")]);
    prepare(aws);
    const env = { ...aws.env, AWS_MAX_ATTEMPTS: "1" };
    const partial = await rdsiam(["targets", "discover", "--json"], { env });
    assert.equal(partial.code, 0, partial.stderr);
    assert.match(partial.stdout, /"name":"pool"/);
    assert.match(partial.stderr, message);
    assert.match(partial.stderr, /^warning: [^\n]*\n$/);
    aws.rds.databases = [];
    const whole = await rdsiam(["targets", "discover"], { env });
    assert.equal(whole.code, code);
    assert.match(whole.stderr, message);
    assert.match(whole.stderr, /^error: [^\n]*\n(hint: [^\n]*\n)?$/);
    assert.equal(whole.stdout, "");
  });
}

Deno.test("targets discover stops where a server repeats its pages, and shows what it told", async () => {
  await using aws = new AwsQueryServer([instance("orders")]);
  let pages = 0;
  aws.handlers.set("rds:DescribeDBProxies", () => {
    assert.ok(++pages < 5, "it goes round");
    return { Marker: "again", DBProxies: {} };
  });
  const { code, stdout, stderr } = await rdsiam(
    ["targets", "discover", "--json"],
    { env: aws.env },
  );
  assert.deepEqual([code, JSON.parse(stdout).length], [0, 1]);
  assert.equal(
    stderr,
    "warning: AWS repeats its pages of rds:DescribeDBProxies in eu-west-1: what it told before is taken\n",
  );
});

Deno.test("targets discover warns of a clock that is an hour off, which the SDK makes up for", async () => {
  await using aws = new AwsQueryServer([instance("orders")]);
  aws.time = Date.now() + 3_600_000;
  const { code, stderr } = await rdsiam(["targets", "discover"], {
    env: aws.env,
  });
  assert.equal(code, 0);
  assert.equal(
    stderr,
    "warning: This machine's clock is 60 min behind the time of AWS: databases may refuse tokens until it is set\n",
  );
});

Deno.test("doctor does not take a sign-in page for an identity", async () => {
  await using aws = new AwsQueryServer([]);
  aws.refuse("sts:GetCallerIdentity", "nothing");
  const { stdout } = await rdsiam([
    ...["doctor", "-h", "orders.abc.eu-west-1.rds.amazonaws.com"],
    ...["-U", "app", "--connect", "127.0.0.1:1"],
  ], { env: { ...aws.env, AWS_MAX_ATTEMPTS: "1" } });
  assert.match(
    stdout,
    /What answered sts:GetCallerIdentity in eu-west-1 is not AWS \(HTTP 200\)/,
  );
});
