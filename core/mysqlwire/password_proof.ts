import { concatBytes } from "../text/bytes.ts";
import { SALT_BYTES } from "./greeting.ts";

/** The plugins by which clients prove that they know a password. */
export const PASSWORD_PLUGINS = [
  "caching_sha2_password",
  "mysql_native_password",
] as const;

/** One of {@linkcode PASSWORD_PLUGINS}. */
export type PasswordPlugin = typeof PASSWORD_PLUGINS[number];

/** Whether a plugin is one of {@linkcode PASSWORD_PLUGINS}. */
export function isPasswordPlugin(
  name: string | undefined,
): name is PasswordPlugin {
  return (PASSWORD_PLUGINS as readonly (string | undefined)[]).includes(name);
}

/**
 * What a client sends that knows a password (MySQL source documentation, "Native Authentication" and "Caching_sha2_password
 * information").
 */
export async function passwordProof(
  plugin: PasswordPlugin,
  password: string,
  salt: Uint8Array,
): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(password);
  if (plugin === "mysql_native_password") {
    const once = await digest("SHA-1", bytes);
    return xor(once, await digest("SHA-1", salt, await digest("SHA-1", once)));
  }
  const once = await digest("SHA-256", bytes);
  const twice = await digest("SHA-256", once);
  return xor(once, await digest("SHA-256", twice, salt));
}

/**
 * The info of an OK packet that proves to a client of MariaDB that whoever has the certificate knows its password, so that
 * a certificate that comes from no root is trusted (MariaDB, "Zero-configuration TLS"; for `mysql_native_password`).
 *
 * @param fingerprint the SHA-256 of the certificate
 */
export async function certificateProof(
  password: string,
  salt: Uint8Array,
  fingerprint: Uint8Array,
): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(password);
  const stored = await digest("SHA-1", await digest("SHA-1", bytes));
  const proof = await digest("SHA-256", stored, salt, fingerprint);
  return concatBytes(
    Uint8Array.of(1),
    new TextEncoder().encode(proof.toHex().toUpperCase()),
  );
}

/** Whether two proofs are the same, however alike they are: in the same time. */
export function isSameProof(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  return one.reduce((found, byte, i) => found | (byte ^ (other[i] ?? 0)), 0) ===
    0;
}

/** A salt of random bytes: they are read as text, and one of them ends stored passwords, so neither 0 nor `$`. */
export function saltOf(random: Uint8Array): Uint8Array {
  return random.subarray(0, SALT_BYTES).map((byte) => {
    const ascii = byte & 0x7f;
    return ascii === 0 || ascii === 0x24 ? ascii + 1 : ascii;
  });
}

async function digest(
  algorithm: "SHA-1" | "SHA-256",
  ...parts: Uint8Array[]
): Promise<Uint8Array> {
  const bytes = concatBytes(...parts);
  return new Uint8Array(
    await crypto.subtle.digest(algorithm, new Uint8Array(bytes)),
  );
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, i) => byte ^ (other[i] ?? 0));
}
