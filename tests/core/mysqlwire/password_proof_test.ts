import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  certificateProof,
  isSameProof,
  passwordProof,
  saltOf,
} from "../../../core/mysqlwire/password_proof.ts";

function hash(
  algorithm: string,
  ...parts: (string | Uint8Array)[]
): Uint8Array {
  const made = createHash(algorithm);
  for (const part of parts) made.update(part);
  return new Uint8Array(made.digest());
}

/** What the server does with a proof: it has the hash of the hash alone, and finds whether the rest was known. */
function serverAccepts(
  algorithm: "sha1" | "sha256",
  stored: Uint8Array,
  mask: Uint8Array,
  proof: Uint8Array,
): boolean {
  const once = proof.map((byte, i) => byte ^ (mask[i] ?? 0));
  return isSameProof(hash(algorithm, once), stored);
}

Deno.test("passwordProof() is what a server accepts that stores a hash alone", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 1 }),
      fc.uint8Array({ minLength: 20, maxLength: 20 }),
      async (password, salt) => {
        const native = await passwordProof(
          "mysql_native_password",
          password,
          salt,
        );
        const storedNative = hash("sha1", hash("sha1", password));
        assert.ok(
          serverAccepts(
            "sha1",
            storedNative,
            hash("sha1", salt, storedNative),
            native,
          ),
        );
        const caching = await passwordProof(
          "caching_sha2_password",
          password,
          salt,
        );
        const storedCaching = hash("sha256", hash("sha256", password));
        assert.ok(
          serverAccepts(
            "sha256",
            storedCaching,
            hash("sha256", storedCaching, salt),
            caching,
          ),
        );
        const other = await passwordProof(
          "caching_sha2_password",
          `${password}x`,
          salt,
        );
        assert.ok(!isSameProof(caching, other));
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("certificateProof() is a one and the hash as text", async () => {
  const fingerprint = new Uint8Array(32).fill(5);
  const salt = new Uint8Array(20).fill(9);
  const stored = hash("sha1", hash("sha1", "secret"));
  const proof = await certificateProof("secret", salt, fingerprint);
  assert.equal(proof[0], 1);
  assert.equal(
    new TextDecoder().decode(proof.subarray(1)),
    hash("sha256", stored, salt, fingerprint).toHex().toUpperCase(),
  );
});

Deno.test("a salt holds neither a zero byte nor a dollar sign", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 40 }), (random) => {
      const salt = saltOf(random);
      assert.equal(salt.length, 20);
      assert.ok(salt.every((byte) => byte > 0 && byte < 0x80 && byte !== 0x24));
    }),
  );
});
