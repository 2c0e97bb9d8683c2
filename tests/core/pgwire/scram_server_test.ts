import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import fc from "fast-check";
import {
  beginScram,
  scramVerifier,
} from "../../../core/pgwire/scram_server.ts";
import { Secret } from "../../../core/secret.ts";
import { bytesOf } from "../../testdata/packets.ts";

const SALT = Uint8Array.fromBase64("W22ZaJ0SNY7soEsUEjb6gQ==");
const VERIFIER = scramVerifier(new Secret("pencil"), SALT);
const NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const MALFORMED = new SyntaxError(
  "Cannot read SCRAM message: it is malformed",
);

/** A client by RFC 5802, written another way than the server. */
function clientFinal(
  password: string,
  first: string,
  serverFirst: string,
  channel = "biws",
): string {
  const [, nonce = "", salt = "", count = ""] =
    /^r=(.*),s=(.*),i=(.*)$/.exec(serverFirst) ?? [];
  const salted = pbkdf2Sync(
    password,
    Uint8Array.fromBase64(salt),
    Number(count),
    32,
    "sha256",
  );
  const key = createHmac("sha256", salted).update("Client Key").digest();
  const stored = createHash("sha256").update(key).digest();
  const bare = `c=${channel},r=${nonce}`;
  const signature = createHmac("sha256", stored)
    .update(`${first.slice(3)},${serverFirst},${bare}`).digest();
  const proof = key.map((byte, at) => byte ^ (signature[at] ?? 0));
  return `${bare},p=${Uint8Array.from(proof).toBase64()}`;
}

Deno.test("beginScram() talks as the example of RFC 7677", () => {
  const exchange = beginScram(
    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    NONCE,
    VERIFIER,
  );
  assert.equal(
    exchange.serverFirst,
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
  );
  assert.equal(
    exchange.finish(
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    ),
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  );
});

Deno.test("beginScram() takes the right password alone, whatever user and header the client sends", () => {
  for (const [header, channel] of [["n,,", "biws"], ["y,,", "eSws"]]) {
    const first = `${header}n=,r=abc`;
    const { serverFirst, finish } = beginScram(first, NONCE, VERIFIER);
    const right = clientFinal("pencil", first, serverFirst, channel);
    const wrong = clientFinal("pencils", first, serverFirst, channel);
    assert.match(finish(right) ?? "", /^v=/);
    assert.equal(finish(wrong), undefined);
  }
});

Deno.test("beginScram() takes no proof that was made for another nonce", () => {
  const first = "n,,n=,r=abc";
  const old = beginScram(first, "one", VERIFIER);
  const replayed = clientFinal("pencil", first, old.serverFirst);
  const { finish } = beginScram(first, "other", VERIFIER);
  assert.throws(() => finish(replayed), MALFORMED);
});

Deno.test("beginScram() refuses what it does not know: channel binding, another user's rights, no nonce", () => {
  for (
    const first of [
      "p=tls-server-end-point,,n=,r=abc",
      "n,a=root,n=,r=abc",
      "n,,m=x,n=,r=abc",
      "n,,n=,r=",
      "n,,n=",
      "",
    ]
  ) {
    assert.throws(() => beginScram(first, NONCE, VERIFIER), MALFORMED);
  }
});

Deno.test("beginScram() refuses a last message that changes the header, lacks its proof, or has a bad one", () => {
  const { finish, serverFirst } = beginScram("n,,n=,r=a", NONCE, VERIFIER);
  const good = clientFinal("pencil", "n,,n=,r=a", serverFirst);
  for (
    const last of [
      good.replace("biws", "eSws"),
      good.replace(/,p=.*/, ""),
      good.replace(/,p=.*/, ",p=A==="),
      "",
    ]
  ) {
    assert.throws(() => finish(last), MALFORMED);
  }
  assert.equal(finish(good.replace(/,p=.*/, ",p=AAAA")), undefined);
});

Deno.test("beginScram() throws nothing but SyntaxError, and lets nobody in by chance", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (tail, last) => {
    const exchange = beginScram("n,,n=,r=abc", NONCE, VERIFIER);
    for (
      const step of [
        () => beginScram(`n,,n=${tail}`, NONCE, VERIFIER) && undefined,
        () => exchange.finish(last),
        () => exchange.finish(`c=biws,r=abc${NONCE},p=${btoa(encodeURI("x"))}`),
      ]
    ) {
      try {
        assert.equal(step(), undefined);
      } catch (error) {
        assert.ok(error instanceof SyntaxError);
      }
    }
  }));
});

Deno.test("scramVerifier() keeps neither the password nor what logs in with it", () => {
  const { storedKey, serverKey } = VERIFIER;
  assert.equal(storedKey.length, 32);
  assert.equal(serverKey.length, 32);
  assert.ok(!new TextDecoder().decode(storedKey).includes("pencil"));
  assert.notDeepEqual(
    scramVerifier(new Secret("pencil"), bytesOf("another salt")).storedKey,
    storedKey,
  );
});
