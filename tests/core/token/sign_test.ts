import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import { signToken } from "../../../core/token/sign.ts";
import {
  TOKEN_VECTORS,
  tokenVector,
  VECTOR_TIME,
  vectorKey,
  vectorRequest,
} from "../../testdata/token_vectors.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const PLAIN = tokenVector("plain");
const REQUEST = vectorRequest(PLAIN);
const KEY = vectorKey(PLAIN);

for (const vector of TOKEN_VECTORS) {
  Deno.test(`signToken() makes AWS's own token: ${vector.name}`, async () => {
    const { secret } = await signToken(
      vectorRequest(vector),
      vectorKey(vector),
      VECTOR_TIME,
    );
    assert.equal(secret.reveal(), vector.js);
  });
}

Deno.test("signToken() dates the token to the whole second before", async () => {
  for (const extra of [0, 1, 500, 999]) {
    const token = await signToken(REQUEST, KEY, VECTOR_TIME + extra);
    assert.equal(token.secret.reveal(), PLAIN.js);
    assert.equal(token.issuedAt, VECTOR_TIME);
    assert.equal(token.expiresAt, VECTOR_TIME + 900_000);
  }
});

Deno.test("signToken() gives a token no more life than its key has", async () => {
  const expiresAt = VECTOR_TIME + 60_000;
  const token = await signToken(REQUEST, { ...KEY, expiresAt }, VECTOR_TIME);
  assert.equal(token.expiresAt, expiresAt);
  assert.equal(token.secret.reveal(), PLAIN.js);
});

// security: token-lifetime
Deno.test("signToken() gives a token no more than 15 minutes", async () => {
  const expiresAt = VECTOR_TIME + 900_001;
  const token = await signToken(REQUEST, { ...KEY, expiresAt }, VECTOR_TIME);
  assert.equal(token.expiresAt, VECTOR_TIME + 900_000);
});

Deno.test("signToken() refuses a key that has ended", async () => {
  for (const expiresAt of [VECTOR_TIME, VECTOR_TIME - 1_000]) {
    const key = { ...KEY, expiresAt };
    await assertRefusesLater(signToken(REQUEST, key, VECTOR_TIME), {
      kind: "credentials",
      message: `AWS credentials ended at ${
        new Date(expiresAt).toISOString()
      }: a token of theirs would be refused`,
      hint: "Sign in again, for example with aws sso login",
    });
  }
});

Deno.test("signToken() gives a token that does not print itself", async () => {
  const token = await signToken(REQUEST, KEY, VECTOR_TIME);
  assert.ok(token.secret instanceof Secret);
  assert.equal(JSON.stringify(token).includes("X-Amz"), false);
});
