import assert from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import {
  createAwsSigner,
  CredentialSource,
} from "../../../adapters/credentials/credential_source.ts";
import { FakeClock, START } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import {
  type AwsServer,
  setUpAws,
  startAwsServer,
  stsAnswer,
  stsError,
} from "./aws_fixture.ts";
import { isSignedAsByAws } from "../../../adapters/credentials/compare_signer.ts";
import { Signer } from "@aws-sdk/rds-signer";
import { Secret } from "../../../core/secret.ts";
import { signToken } from "../../../core/token/sign.ts";
import type { TokenRequest } from "../../../core/token/token.ts";
import {
  tokenVector,
  VECTOR_SECRET,
  VECTOR_TIME,
  vectorRequest,
} from "../../testdata/token_vectors.ts";

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

const ID = "AKIAIOSFODNN7EXAMPLE";

/** Stops the system's clock, which AWS's signer reads, until it is disposed of. */
function stopClock(now: number): Disposable {
  const RealDate = globalThis.Date;
  globalThis.Date = class extends RealDate {
    constructor(...values: [] | [number | string | Date]) {
      super(values[0] ?? now);
    }
    static override now(): number {
      return now;
    }
  } as DateConstructor;
  return {
    [Symbol.dispose]() {
      globalThis.Date = RealDate;
    },
  };
}

async function signOfficially(
  { host: hostname, port, username, region }: TokenRequest,
  sessionToken: string | undefined,
  now: number,
): Promise<string> {
  const credentials = {
    accessKeyId: ID,
    secretAccessKey: VECTOR_SECRET,
    ...(sessionToken !== undefined && { sessionToken }),
  };
  const signer = new Signer({ hostname, port, username, region, credentials });
  using _clock = stopClock(now);
  return await signer.getAuthToken();
}

async function signOurselves(
  request: TokenRequest,
  sessionToken: string | undefined,
  now: number,
): Promise<string> {
  const key = {
    id: ID,
    secret: new Secret(VECTOR_SECRET),
    ...(sessionToken !== undefined && {
      sessionToken: new Secret(sessionToken),
    }),
  };
  return (await signToken(request, key, now)).secret.reveal();
}

Deno.test("isSignedAsByAws() holds our token against @aws-sdk/rds-signer's", async () => {
  const credentials = new CredentialSource(new FakeClock(), {
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    AWS_SESSION_TOKEN: "a/b+c=",
  });
  const request = {
    host: "orders.abc.eu-west-1.rds.amazonaws.com",
    port: 5432,
    username: "jane.doe@example.com",
    region: REGION,
  };
  assert.equal(await isSignedAsByAws(request, credentials), true);
});

Deno.test("signToken() makes the token of @aws-sdk/rds-signer, byte for byte", async () => {
  const request = fc.record({
    host: fc.domain(),
    port: fc.integer({ min: 1, max: 65535 }),
    username: fc.string({ unit: "grapheme", minLength: 1, maxLength: 63 }),
    region: fc.stringMatching(/^[a-z]{2}(-[a-z]{3,9}){1,2}-[1-9]$/),
  });
  const sessionToken = fc.option(
    fc.oneof(
      fc.base64String({ minLength: 4, maxLength: 2000 }),
      fc.string({ unit: "grapheme-ascii", minLength: 1 }),
    ),
    { nil: undefined },
  );
  const now = fc.integer({ min: 0, max: 4_000_000_000_000 });
  await fc.assert(
    fc.asyncProperty(request, sessionToken, now, async (request, st, now) => {
      assert.equal(
        await signOurselves(request, st, now),
        await signOfficially(request, st, now),
      );
    }),
  );
});

const VECTOR = tokenVector("plain+st");
const REQUEST = vectorRequest(VECTOR);
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: ID,
  AWS_SECRET_ACCESS_KEY: VECTOR_SECRET,
  AWS_SESSION_TOKEN: VECTOR.sessionToken ?? "",
};

Deno.test("createAwsSigner() signs with the key of the environment", async () => {
  const signer = createAwsSigner(new FakeClock(VECTOR_TIME), ENVIRONMENT);
  const token = await signer.sign(REQUEST);
  assert.equal(token.secret.reveal(), VECTOR.js);
  assert.equal(token.expiresAt, VECTOR_TIME + 900_000);
});

Deno.test("createAwsSigner() gives a token no more life than the environment's key has", async () => {
  const signer = createAwsSigner(new FakeClock(VECTOR_TIME), {
    ...ENVIRONMENT,
    AWS_CREDENTIAL_EXPIRATION: "2026-01-15T12:40:00Z",
  });
  const token = await signer.sign(REQUEST);
  assert.equal(token.expiresAt, Date.parse("2026-01-15T12:40:00Z"));
});

Deno.test("createAwsSigner() refuses a key of the environment that has ended", async () => {
  const signer = createAwsSigner(new FakeClock(VECTOR_TIME), {
    ...ENVIRONMENT,
    AWS_CREDENTIAL_EXPIRATION: "2026-01-15T12:30:00Z",
  });
  await assertRefusesLater(signer.sign(REQUEST), {
    kind: "credentials",
    message:
      "AWS credentials ended at 2026-01-15T12:30:00.000Z: a token of theirs would be refused",
    hint: "Sign in again, for example with aws sso login",
  });
});
