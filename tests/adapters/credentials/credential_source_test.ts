import assert from "node:assert/strict";
import { join } from "node:path";
import { CredentialSource } from "../../../adapters/credentials/credential_source.ts";
import { FakeClock, START } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import {
  type AwsServer,
  setUpAws,
  startAwsServer,
  stsAnswer,
  stsError,
} from "./aws_fixture.ts";

const MINUTE = 60_000;
const REGION = "eu-west-1";

/** An STS whose keys `ASIA1`, `ASIA2` … last for an hour by the test's clock. */
function startSts(clock: FakeClock) {
  const state = {
    isFailing: false,
    /** Runs while it answers. */
    onRequest: () => {},
  };
  const server: AwsServer = startAwsServer((request) => {
    state.onRequest();
    if (state.isFailing) return stsError("AccessDenied", "Not now");
    const expiration = new Date(clock.now() + 60 * MINUTE).toISOString();
    return stsAnswer(request, `ASIA${server.requests.length}`, expiration);
  });
  return Object.assign(state, server);
}

/** A source that asks such an STS. */
async function setUp() {
  const clock = new FakeClock();
  const sts = startSts(clock);
  const aws = await setUpAws(
    "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = hunter2\n",
    { AWS_ENDPOINT_URL_STS: sts.url },
  );
  const source = new CredentialSource(clock, aws.environment);
  const roleArn = "arn:aws:iam::123456789012:role/app";
  return {
    clock,
    sts,
    async get() {
      const identity = { profile: "base", roleArn, region: REGION };
      return (await source.get(identity)).id;
    },
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await sts[Symbol.asyncDispose]();
    },
  };
}

Deno.test("CredentialSource looks up once for many who ask at once", async () => {
  await using test = await setUp();
  const ids = await Promise.all(Array.from({ length: 20 }, () => test.get()));
  assert.deepEqual(new Set(ids), new Set(["ASIA1"]));
  assert.equal(test.sts.requests.length, 1);
});

Deno.test("CredentialSource keeps credentials until less than a token's life is left", async () => {
  await using test = await setUp();
  assert.equal(await test.get(), "ASIA1");
  test.clock.jump(44 * MINUTE);
  assert.equal(await test.get(), "ASIA1");
  test.clock.jump(1 * MINUTE);
  assert.equal(await test.get(), "ASIA2");
  assert.equal(await test.get(), "ASIA2");
  assert.equal(test.sts.requests.length, 2);
});

Deno.test("CredentialSource keeps credentials that are still good when a look-up fails, and tries again", async () => {
  await using test = await setUp();
  await test.get();
  test.clock.jump(50 * MINUTE);
  test.sts.isFailing = true;
  assert.equal(await test.get(), "ASIA1");
  test.sts.isFailing = false;
  assert.equal(await test.get(), "ASIA3");
});

Deno.test("CredentialSource fails when a look-up does and the old credentials have ended", async () => {
  await using test = await setUp();
  await test.get();
  test.sts.isFailing = true;
  test.clock.jump(60 * MINUTE);
  await assert.rejects(test.get(), { kind: "credentials" });
});

Deno.test("CredentialSource fails when the old credentials end during a look-up that fails", async () => {
  await using test = await setUp();
  await test.get();
  test.clock.jump(50 * MINUTE);
  test.sts.isFailing = true;
  test.sts.onRequest = () => test.clock.jump(20 * MINUTE);
  await assert.rejects(test.get(), { kind: "credentials" });
});

Deno.test("CredentialSource looks endless credentials up again after a minute", async () => {
  const config = (id: string) =>
    `[profile prod]\naws_access_key_id = ${id}\naws_secret_access_key = hunter2\n`;
  await using aws = await setUpAws(config("AKIAOLD"));
  const clock = new FakeClock();
  const source = new CredentialSource(clock, aws.environment);
  const get = () => source.get({ profile: "prod", region: REGION });
  assert.equal((await get()).id, "AKIAOLD");
  await Deno.writeTextFile(join(aws.folder, "config"), config("AKIANEW"));
  clock.jump(MINUTE - 1);
  assert.equal((await get()).id, "AKIAOLD");
  clock.jump(1);
  assert.equal((await get()).id, "AKIANEW");
  // A permanent key whose profile is gone is good no more.
  await Deno.writeTextFile(join(aws.folder, "config"), "");
  clock.jump(MINUTE);
  await assert.rejects(get(), { kind: "credentials" });
});

Deno.test("CredentialSource keeps identities apart", async () => {
  await using aws = await setUpAws(
    ["one", "other"].map((name) =>
      `[profile ${name}]\naws_access_key_id = ${name}\naws_secret_access_key = hunter2\n`
    ).join(""),
  );
  const source = new CredentialSource(new FakeClock(), {
    ...aws.environment,
    AWS_ACCESS_KEY_ID: "environment",
    AWS_SECRET_ACCESS_KEY: "hunter2",
  });
  const keys = await Promise.all(
    [{ profile: "one" }, { profile: "other" }, {}].map((identity) =>
      source.get({ ...identity, region: REGION })
    ),
  );
  assert.deepEqual(keys.map(({ id }) => id), ["one", "other", "environment"]);
});

Deno.test("CredentialSource reads the environment's key, its session token and its end", async () => {
  const source = new CredentialSource(new FakeClock(), {
    AWS_ACCESS_KEY_ID: "ASIA",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    AWS_SESSION_TOKEN: "session-secret",
    AWS_CREDENTIAL_EXPIRATION: new Date(START + 1000).toISOString(),
  });
  const { id, secret, sessionToken, expiresAt } = await source.get({
    region: REGION,
  });
  assert.deepEqual(
    [id, secret.reveal(), sessionToken?.reveal(), expiresAt],
    ["ASIA", "hunter2", "session-secret", START + 1000],
  );
});

Deno.test("CredentialSource passes over half a key, and takes no end from what is no time", async () => {
  await using _aws = await setUpAws("");
  const half = new CredentialSource(new FakeClock(), {
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "",
  });
  await assert.rejects(half.get({ region: REGION }), { kind: "credentials" });
  const noTime = new CredentialSource(new FakeClock(), {
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    AWS_CREDENTIAL_EXPIRATION: "tomorrow",
  });
  assert.equal((await noTime.get({ region: REGION })).expiresAt, undefined);
});

Deno.test("CredentialSource names the variable that is missing beside its companion", async () => {
  for (
    const [there, missing] of [
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
      ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"],
    ] as const
  ) {
    const source = new CredentialSource(new FakeClock(), {
      [there]: "hunter2",
    });
    await assertRefusesLater(source.get({ region: REGION }), {
      kind: "credentials",
      message:
        `${missing} is missing: ${there} stands alone in the environment`,
      hint: `Set ${missing} too, or unset ${there}`,
    });
  }
});
