import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../../core/secret.ts";
import { signToken } from "../../../core/token/sign.ts";
import { parseToken } from "../../../core/token/token.ts";
import {
  type TokenExpectation,
  type TokenFault,
  verifyToken,
} from "../../../core/token/verify.ts";
import {
  TOKEN_VECTORS,
  tokenVector,
  VECTOR_SECRET,
  VECTOR_TIME,
  vectorExpectation,
  vectorKey,
} from "../../testdata/token_vectors.ts";
import { resignToken } from "../../testdata/resign_token.ts";
import { anyCharacter } from "../../any_character.ts";

const PLAIN = tokenVector("plain");
const EXPECTED = vectorExpectation(PLAIN);

async function assertRefused(
  text: string,
  reason: string,
  { expected = EXPECTED, now = VECTOR_TIME, fault = "InvalidToken" }: {
    expected?: TokenExpectation;
    now?: number;
    fault?: TokenFault;
  } = {},
) {
  const verdict = await verifyToken(text, expected, now);
  assert.deepEqual(verdict, { ok: false, fault, reason });
}

for (const vector of TOKEN_VECTORS) {
  for (const signer of ["js", "botocore", "go"] as const) {
    Deno.test(`verifyToken() accepts the token of ${signer}: ${vector.name}`, async () => {
      assert.deepEqual(
        await verifyToken(
          vector[signer],
          vectorExpectation(vector),
          VECTOR_TIME,
        ),
        { ok: true, accessKeyId: "AKIAIOSFODNN7EXAMPLE", ageMs: 0 },
      );
    });
  }
}

// security: token-scope
Deno.test("verifyToken() refuses a token that is meant for another", async () => {
  await assertRefused(
    PLAIN.js,
    'DBUser is "jane_doe" where "Jane_Doe" is expected',
    {
      expected: { ...EXPECTED, username: "Jane_Doe" },
    },
  );
  await assertRefused(
    PLAIN.js,
    'it is signed for region "us-east-1", the database is in "eu-west-1"',
    { expected: { ...EXPECTED, region: "eu-west-1" } },
  );
  await assertRefused(
    PLAIN.js,
    'it is signed for "mydb.abcdefghijkl.us-east-1.rds.amazonaws.com:5432", the endpoint is "other:5432"',
    { expected: { ...EXPECTED, host: "other" } },
  );
  await assertRefused(
    PLAIN.js,
    'it is signed for "mydb.abcdefghijkl.us-east-1.rds.amazonaws.com:5432", the endpoint is ' +
      '"mydb.abcdefghijkl.us-east-1.rds.amazonaws.com:15432"',
    { expected: { ...EXPECTED, port: 15432 } },
  );
});

Deno.test("verifyToken() refuses a token of an unknown key", async () => {
  await assertRefused(
    PLAIN.js,
    'access key id "AKIAIOSFODNN7EXAMPLE" is not known',
    { expected: { ...EXPECTED, accessKeys: [] } },
  );
});

Deno.test("verifyToken() refuses a token signed with another secret", async () => {
  const key = { ...vectorKey(PLAIN), secret: new Secret("another") };
  await assertRefused(
    PLAIN.js,
    "the signature does not match: another secret access key, or the token was changed",
    { expected: { ...EXPECTED, accessKeys: [key] } },
  );
});

Deno.test("verifyToken() knows several keys", async () => {
  const other = { id: "AKIAOTHER", secret: new Secret("x") };
  const expected = { ...EXPECTED, accessKeys: [other, vectorKey(PLAIN)] };
  assert.equal((await verifyToken(PLAIN.js, expected, VECTOR_TIME)).ok, true);
});

Deno.test("verifyToken() takes an address without its port 443 alone", async () => {
  const vector = tokenVector("port443");
  const bare = vector.botocore.replace(":443", "");
  assert.equal(
    (await verifyToken(bare, vectorExpectation(vector), VECTOR_TIME)).ok,
    true,
  );
  assert.equal(
    (await verifyToken(PLAIN.js.replace(":5432", ""), EXPECTED, VECTOR_TIME))
      .ok,
    false,
  );
});

Deno.test("verifyToken() lets a token live for 900 seconds", async () => {
  for (const ageMs of [0, 1, 899_999, 900_000]) {
    assert.deepEqual(
      await verifyToken(PLAIN.js, EXPECTED, VECTOR_TIME + ageMs),
      {
        ok: true,
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        ageMs,
      },
    );
  }
});

Deno.test("verifyToken() refuses a token of 901 seconds", async () => {
  await assertRefused(
    PLAIN.js,
    "it expired 1 s ago: it was signed 901 s ago, or the clock of its signer is behind",
    { now: VECTOR_TIME + 901_000, fault: "ExpiredToken" },
  );
  const now = VECTOR_TIME + 900_001;
  assert.equal((await verifyToken(PLAIN.js, EXPECTED, now)).ok, false);
});

Deno.test("verifyToken() takes a shorter lifetime", async () => {
  const expected = { ...EXPECTED, lifetimeMs: 5_000 };
  const { ok } = await verifyToken(PLAIN.js, expected, VECTOR_TIME + 5_000);
  assert.equal(ok, true);
  await assertRefused(
    PLAIN.js,
    "it expired 1 s ago: it was signed 6 s ago, or the clock of its signer is behind",
    { expected, now: VECTOR_TIME + 6_000, fault: "ExpiredToken" },
  );
});

Deno.test("verifyToken() takes a token dated 300 seconds in the future", async () => {
  const verdict = await verifyToken(PLAIN.js, EXPECTED, VECTOR_TIME - 300_000);
  assert.equal(verdict.ok && verdict.ageMs, -300_000);
});

Deno.test("verifyToken() refuses a token dated 301 seconds in the future", async () => {
  await assertRefused(
    PLAIN.js,
    "it is dated 301 s in the future: the clock of its signer is ahead",
    { now: VECTOR_TIME - 301_000 },
  );
  const now = VECTOR_TIME - 300_001;
  assert.equal((await verifyToken(PLAIN.js, EXPECTED, now)).ok, false);
});

Deno.test("verifyToken() takes an X-Amz-Expires of up to 900", async () => {
  for (const expires of ["1", "899", "900"]) {
    const text = await resignToken(PLAIN.js, { "X-Amz-Expires": expires });
    assert.equal((await verifyToken(text, EXPECTED, VECTOR_TIME)).ok, true);
  }
});

Deno.test("verifyToken() takes a token for no longer than its X-Amz-Expires says", async () => {
  const minute = await resignToken(PLAIN.js, { "X-Amz-Expires": "60" });
  const at = (ms: number) => verifyToken(minute, EXPECTED, VECTOR_TIME + ms);
  assert.equal((await at(60_000)).ok, true);
  const late = await at(120_000);
  assert.equal(!late.ok && late.fault, "ExpiredToken");
  const none = await resignToken(PLAIN.js, { "X-Amz-Expires": "0" });
  const never = await verifyToken(none, EXPECTED, VECTOR_TIME);
  assert.equal(!never.ok && never.fault, "ExpiredToken");
});

Deno.test("verifyToken() refuses another X-Amz-Expires, or none, however well it is signed", async () => {
  for (const expires of ["901", "3600", "-1", "9e2", " 900", "", undefined]) {
    await assertRefused(
      await resignToken(PLAIN.js, { "X-Amz-Expires": expires }),
      "X-Amz-Expires is missing or over 900 seconds",
    );
  }
});

Deno.test("verifyToken() refuses wrong fields, however well they are signed", async () => {
  const id = "AKIAIOSFODNN7EXAMPLE";
  const credential = "X-Amz-Credential is missing or malformed";
  const rows: [Record<string, string | undefined>, reason: string][] = [
    [
      { Action: "disconnect" },
      'Action is "disconnect" where "connect" is expected',
    ],
    [{ Action: undefined }, "Action is missing"],
    [{ DBUser: undefined }, "DBUser is missing"],
    [
      { "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" },
      'X-Amz-Algorithm is "AWS4-ECDSA-P256-SHA256" where "AWS4-HMAC-SHA256" is expected',
    ],
    [
      { "X-Amz-SignedHeaders": "host;x" },
      'X-Amz-SignedHeaders is "host;x" where "host" is expected',
    ],
    [{ "X-Amz-Date": undefined }, "X-Amz-Date is missing or malformed"],
    [
      { "X-Amz-Date": "20260115T999999Z" },
      "X-Amz-Date is missing or malformed",
    ],
    [
      { "X-Amz-Date": "20260116T000000Z" },
      "the credential scope is of another day than X-Amz-Date",
    ],
    [{ "X-Amz-Credential": undefined }, credential],
    [{ "X-Amz-Credential": id }, credential],
    [
      { "X-Amz-Credential": `${id}/20260115/us-east-1/rds-db/aws4` },
      credential,
    ],
    [
      { "X-Amz-Credential": `${id}/20260115/us-east-1/rds-db/aws4_request/x` },
      credential,
    ],
    [
      { "X-Amz-Credential": `${id}/20260115/us-east-1/rds/aws4_request` },
      'it is signed for service "rds", not "rds-db"',
    ],
  ];
  for (const [changes, reason] of rows) {
    await assertRefused(await resignToken(PLAIN.js, changes), reason);
  }
});

Deno.test("verifyToken() wants the session token of a temporary key, and none of a permanent one", async () => {
  const temporary = tokenVector("plain+st");
  const expected = vectorExpectation(temporary);
  await assertRefused(
    PLAIN.js,
    "X-Amz-Security-Token is missing: the access key is a temporary one",
    { expected },
  );
  await assertRefused(
    temporary.js,
    "X-Amz-Security-Token is there, but the access key is a permanent one",
  );
  await assertRefused(
    await resignToken(temporary.js, { "X-Amz-Security-Token": "another" }),
    "X-Amz-Security-Token is not the access key's",
    { expected },
  );
});

Deno.test("verifyToken() refuses what is no token", async () => {
  for (
    const text of ["", "hunter2", "h:1/?a", `${PLAIN.js}\n`, ` ${PLAIN.js}`]
  ) {
    await assertRefused(text, "the password is not a token");
  }
});

Deno.test("verifyToken() refuses a token that is cut off", async () => {
  for (let length = 0; length < PLAIN.js.length; length++) {
    const text = PLAIN.js.slice(0, length);
    assert.equal(
      (await verifyToken(text, EXPECTED, VECTOR_TIME)).ok,
      false,
      text,
    );
  }
});

Deno.test("verifyToken() refuses every token with any one character changed", async () => {
  // Capitals of the host are no change: botocore signs it in lower case.
  for (const [index, character] of [...PLAIN.js].entries()) {
    const other = character === "0" ? "1" : "0";
    const text = PLAIN.js.slice(0, index) + other + PLAIN.js.slice(index + 1);
    assert.equal(
      (await verifyToken(text, EXPECTED, VECTOR_TIME)).ok,
      false,
      text,
    );
  }
});

/** The token with one parameter changed, left out, doubled or added. */
function* changedTokens(text: string): Generator<string> {
  const [, address, separator, query] = /^([^/?]+)(\/?\?)(.*)$/.exec(text) ??
    [];
  const parameters = (query ?? "").split("&");
  const write = (parts: string[], to = address) =>
    `${to}${separator}${parts.join("&")}`;
  yield write(parameters, `x${address}`);
  yield write(parameters, `${address}1`);
  yield write([...parameters, "X-Amz-Extra=1"]);
  for (const [index, parameter] of parameters.entries()) {
    const [name, value] = parameter.split("=");
    yield write(parameters.with(index, `${name}=${value}1`));
    yield write(parameters.with(index, `${name}=`));
    yield write(parameters.with(index, `${name}x=${value}`));
    yield write(parameters.with(index, `${name?.toUpperCase()}x=${value}`));
    yield write(parameters.toSpliced(index, 1));
    yield write([...parameters, parameter]);
    yield write([`${name}=other`, ...parameters]);
  }
}

Deno.test("verifyToken() refuses every vector after any single field is changed", async () => {
  for (const vector of TOKEN_VECTORS) {
    const expected = vectorExpectation(vector);
    for (const signer of ["js", "botocore", "go"] as const) {
      for (const text of changedTokens(vector[signer])) {
        const verdict = await verifyToken(text, expected, VECTOR_TIME);
        assert.equal(verdict.ok, false, `${vector.name} ${signer}: ${text}`);
      }
    }
  }
});

Deno.test("verifyToken() refuses every vector where any single expectation is another", async () => {
  for (const vector of TOKEN_VECTORS) {
    const expected = vectorExpectation(vector);
    const others: TokenExpectation[] = [
      { ...expected, host: `x${expected.host}` },
      { ...expected, port: expected.port + 1 },
      { ...expected, region: "eu-central-1" },
      { ...expected, username: `${expected.username} ` },
      { ...expected, accessKeys: [{ id: "AKIA", secret: new Secret("x") }] },
    ];
    for (const other of others) {
      for (const text of [vector.js, vector.botocore, vector.go]) {
        assert.equal((await verifyToken(text, other, VECTOR_TIME)).ok, false);
      }
    }
  }
});

Deno.test("verifyToken() takes the parameters in any order", async () => {
  const [address, query = ""] = tokenVector("email+st").js.split("?");
  const parameters = query.split("&");
  const all = { minLength: parameters.length, maxLength: parameters.length };
  const expected = vectorExpectation(tokenVector("email+st"));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(parameters, all), async (shuffled) => {
      const text = `${address}?${shuffled.join("&")}`;
      return (await verifyToken(text, expected, VECTOR_TIME)).ok;
    }),
  );
});

Deno.test("verifyToken() accepts whatever await signToken() makes", async () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  const host = fc.domain().map((name) => name.toLowerCase());
  await fc.assert(fc.asyncProperty(
    host,
    fc.integer({ min: 1, max: 65535 }),
    text,
    fc.stringMatching(/^[a-z]{2}-[a-z]{4}-\d$/),
    fc.option(text, { nil: undefined }),
    fc.integer({ min: 0, max: 4_000_000_000_000 }),
    async (host, port, username, region, session, now) => {
      const key = {
        id: "AKIA",
        secret: new Secret(VECTOR_SECRET),
        ...(session !== undefined && { sessionToken: new Secret(session) }),
      };
      const request = { host, port, username, region };
      const { secret } = await signToken(request, key, now);
      const expected = { ...request, accessKeys: [key] };
      assert.deepEqual(await verifyToken(secret.reveal(), expected, now), {
        ok: true,
        accessKeyId: "AKIA",
        ageMs: now % 1000,
      });
    },
  ));
});

Deno.test("verifyToken() never throws, and never repeats a secret", async () => {
  const { parameters } = parseToken(PLAIN.js);
  const pairs = parameters.map(([name, value]) => `${name}=${value}`);
  const part = fc.oneof(
    fc.constantFrom(...pairs),
    fc.string({ unit: anyCharacter }).map((text) => `a=${text}`),
    fc.string({ unit: anyCharacter }),
  );
  const { signature } = new RegExp("Signature=(?<signature>[0-9a-f]{64})")
    .exec(PLAIN.js)?.groups ?? {};
  assert.equal(signature?.length, 64);
  await fc.assert(fc.asyncProperty(fc.array(part), async (parts) => {
    const text = `${EXPECTED.host}:5432/?${parts.join("&")}`;
    const verdict = await verifyToken(text, EXPECTED, VECTOR_TIME);
    const said = JSON.stringify(verdict);
    assert.equal(said.includes(VECTOR_SECRET), false);
    assert.equal(said.includes(signature ?? ""), false);
  }));
});

Deno.test("verifyToken() never repeats a secret of a vector it refuses", async () => {
  for (const vector of TOKEN_VECTORS) {
    const { sessionToken } = vector;
    const expected = vectorExpectation(vector);
    for (const text of changedTokens(vector.js)) {
      const said = JSON.stringify(
        await verifyToken(text, expected, VECTOR_TIME),
      );
      assert.doesNotMatch(said, /[0-9a-f]{64}/);
      assert.equal(said.includes(sessionToken ?? VECTOR_SECRET), false, said);
    }
  }
});

Deno.test("verifyToken() keeps its reason to one short line", async () => {
  const text = await resignToken(PLAIN.js, { DBUser: "a\n".repeat(1000) });
  const verdict = await verifyToken(text, EXPECTED, VECTOR_TIME);
  assert.ok(!verdict.ok && verdict.reason.length < 700);
  assert.equal(verdict.reason.includes("\n"), false);
});
