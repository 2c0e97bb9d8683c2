import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseAmzDate,
  parseToken,
  tokenExpiry,
  tokenIssuedAt,
} from "../../../core/token/token.ts";
import { TOKEN_VECTORS, VECTOR_TIME } from "../../testdata/token_vectors.ts";
import { anyCharacter } from "../../any_character.ts";

Deno.test("tokenExpiry() is 15 minutes on, or the end of the credentials", () => {
  assert.equal(tokenExpiry(1_000, undefined), 901_000);
  assert.equal(tokenExpiry(1_000, 901_001), 901_000);
  assert.equal(tokenExpiry(1_000, 2_000), 2_000);
});

Deno.test("parseToken() reads the tokens of every signer", () => {
  for (const vector of TOKEN_VECTORS) {
    for (const text of [vector.js, vector.botocore, vector.go]) {
      const token = parseToken(text);
      assert.equal(token.address, `${vector.hostname}:${vector.port}`);
      assert.equal(
        new Map(token.parameters).get("DBUser"),
        vector.username,
      );
      assert.equal(tokenIssuedAt(token), VECTOR_TIME);
    }
  }
});

Deno.test("parseToken() keeps the order, and takes a plus for a plus", () => {
  assert.deepEqual(parseToken("h:1/?b=1%2B2+3&a=&b=x=y"), {
    address: "h:1",
    parameters: [["b", "1+2+3"], ["a", ""], ["b", "x=y"]],
  });
});

Deno.test("parseToken() refuses what has another shape, repeating nothing", () => {
  const shape = "it is not host:port/?parameters";
  const pair = "a parameter has no name or value";
  const encoding = "a parameter is not percent-encoded";
  const rows: [text: string, why: string][] = [
    ["", shape],
    ["hunter2", shape],
    ["h:1", shape],
    ["h:1/a?b=c", shape],
    ["https://h:1/?a=b", shape],
    ["?a=b", shape],
    ["h:1/?a=b#c", shape],
    ["h:1/?a=b\n", shape],
    ["h:1/?a=b c", shape],
    [" h:1/?a=b", shape],
    ["h:1/?a=\ud800", shape],
    ["h:1/?", pair],
    ["h:1/?hunter2", pair],
    ["h:1/?=b", pair],
    ["h:1/?a=b&", pair],
    ["h:1/?a=%", encoding],
    ["h:1/?a=%zz", encoding],
    ["h:1/?a=%ff", encoding],
    ["h:1/?%=a", encoding],
  ];
  for (const [text, why] of rows) {
    assert.throws(
      () => parseToken(text),
      new SyntaxError(`Cannot parse token: ${why}`),
      text,
    );
  }
});

Deno.test("parseToken() throws nothing but SyntaxError on any text", () => {
  const part = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom("h:1", "/?", "?", "&", "=", "%", "%41", "X-Amz-Date"),
  );
  const text = fc.array(part).map((parts) => parts.join(""));
  fc.assert(fc.property(text, (text) => {
    try {
      parseToken(text);
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
    }
  }));
});

Deno.test("tokenIssuedAt() refuses a token without a readable date", () => {
  for (const text of ["h:1/?a=b", "h:1/?X-Amz-Date=yesterday"]) {
    assert.throws(
      () => tokenIssuedAt(parseToken(text)),
      new SyntaxError("Cannot parse token: X-Amz-Date is missing or malformed"),
    );
  }
});

Deno.test("parseAmzDate() reads SigV4's dates", () => {
  assert.equal(parseAmzDate("20260115T123456Z"), VECTOR_TIME);
  assert.equal(parseAmzDate("20240229T000000Z"), Date.UTC(2024, 1, 29));
});

Deno.test("parseAmzDate() reads nothing else", () => {
  for (
    const text of [
      "",
      "20260115",
      "20260115T123456",
      "20260115T123456z",
      "2026-01-15T12:34:56Z",
      "20260231T000000Z",
      "20250229T000000Z",
      "20261301T000000Z",
      "20260115T240000Z",
      "20260115T126000Z",
      "20260115T123460Z",
      " 20260115T123456Z",
      "20260115T123456Z\n",
    ]
  ) {
    assert.equal(parseAmzDate(text), undefined, text);
  }
});
