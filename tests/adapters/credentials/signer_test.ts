import assert from "node:assert/strict";
import { Signer } from "@aws-sdk/rds-signer";
import fc from "fast-check";
import { createAwsSigner } from "../../../adapters/credentials/signer.ts";
import { Secret } from "../../../core/secret.ts";
import { signToken } from "../../../core/token/sign.ts";
import type { TokenRequest } from "../../../core/token/token.ts";
import { FakeClock } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import {
  tokenVector,
  VECTOR_SECRET,
  VECTOR_TIME,
  vectorRequest,
} from "../../testdata/token_vectors.ts";

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
