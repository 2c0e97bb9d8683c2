import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeRfc3986, signPresignedGet } from "../../../core/token/sigv4.ts";
import { parseToken } from "../../../core/token/token.ts";
import {
  tokenVector,
  VECTOR_SECRET,
  VECTOR_TIME,
} from "../../testdata/token_vectors.ts";

Deno.test("encodeRfc3986() leaves letters, digits and -_.~ alone", () => {
  assert.equal(encodeRfc3986("AZaz09-_.~"), "AZaz09-_.~");
});

Deno.test("encodeRfc3986() encodes all else, in capitals", () => {
  assert.equal(
    encodeRfc3986("a b+c/d!'()*é"),
    "a%20b%2Bc%2Fd%21%27%28%29%2A%C3%A9",
  );
});

Deno.test("encodeRfc3986() writes what decodeURIComponent() reads back", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const encoded = encodeRfc3986(text);
    assert.match(encoded, /^(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})*$/);
    assert.equal(decodeURIComponent(encoded), text);
  }));
});

Deno.test("signPresignedGet() gives one signature, whatever the order of the parameters", async () => {
  const parameters = parseToken(tokenVector("email+st").js).parameters;
  const signed = parameters.filter(([name]) => name !== "X-Amz-Signature");
  const signature = parameters.find(([name]) => name === "X-Amz-Signature");
  const all = { minLength: signed.length, maxLength: signed.length };
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(signed, all), async (parameters) => {
      const request = {
        host: "mydb.abcdefghijkl.us-east-1.rds.amazonaws.com:5432",
        parameters,
        date: new Date(VECTOR_TIME).toISOString().replace(/\.000|[-:]/g, ""),
        scope: "20260115/us-east-1/rds-db/aws4_request",
      };
      assert.equal(
        await signPresignedGet(request, VECTOR_SECRET),
        signature?.[1],
      );
    }),
  );
});
