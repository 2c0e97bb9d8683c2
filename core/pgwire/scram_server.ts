import {
  createHash,
  createHmac,
  pbkdf2Sync,
  timingSafeEqual,
} from "node:crypto";
import type { Secret } from "../secret.ts";

/** The mechanism: SCRAM as RFC 5802 has it, with SHA-256 (RFC 7677), without channel binding. */
export const SCRAM_SHA_256 = "SCRAM-SHA-256";

/** How long a salt is: PostgreSQL's own `SCRAM_DEFAULT_SALT_LEN`. */
export const SCRAM_SALT_BYTES = 16;

/** RFC 7677 asks for at least so many, and some clients refuse fewer. */
const ITERATIONS = 4096;

/** What a server keeps of a password: enough to check who knows it, not enough to log in. */
export interface ScramVerifier {
  salt: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
}

/** A login half-way: the client must now prove that it knows the password. */
export interface ScramExchange {
  /** What to answer the client's first message. */
  serverFirst: string;
  /**
   * Checks the proof, in constant time.
   *
   * @returns the server's last word; `undefined` when the password is wrong
   * @throws {SyntaxError} when the message is malformed
   */
  finish(clientFinal: string): string | undefined;
}

/**
 * Computes what a server keeps. This is meant to take long: once for each password, not for each login.
 *
 * @param password of printable ASCII, where SASLprep changes nothing
 * @param salt random bytes
 */
export function scramVerifier(
  password: Secret,
  salt: Uint8Array,
): ScramVerifier {
  const salted = pbkdf2Sync(password.reveal(), salt, ITERATIONS, 32, "sha256");
  return {
    salt,
    storedKey: sha256(hmac(salted, "Client Key")),
    serverKey: hmac(salted, "Server Key"),
  };
}

/**
 * Answers a client's first message.
 *
 * @param nonce this server's half, random and printable, without a comma
 * @throws {SyntaxError} when the message is malformed, or wants channel binding or another user's rights
 */
export function beginScram(
  clientFirst: string,
  nonce: string,
  verifier: ScramVerifier,
): ScramExchange {
  // gs2-header: no channel binding, or none that this server could do; no authzid.
  const [, header, bare, clientNonce] =
    /^([ny],,)(n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+))$/.exec(clientFirst) ?? [];
  if (
    header === undefined || bare === undefined || clientNonce === undefined
  ) throw malformed();
  const fullNonce = clientNonce + nonce;
  const salt = base64(verifier.salt);
  const serverFirst = `r=${fullNonce},s=${salt},i=${ITERATIONS}`;
  return {
    serverFirst,
    finish(clientFinal) {
      const [, withoutProof, binding, echoed, proof] =
        /^(c=([A-Za-z0-9+/=]+),r=([^,]+)),p=([A-Za-z0-9+/]+=*)$/
          .exec(clientFinal) ?? [];
      if (withoutProof === undefined || proof === undefined) throw malformed();
      if (binding !== btoa(header) || echoed !== fullNonce) throw malformed();
      const messages = `${bare},${serverFirst},${withoutProof}`;
      return isProof(proof, messages, verifier)
        ? `v=${base64(hmac(verifier.serverKey, messages))}`
        : undefined;
    },
  };
}

/** Whether the proof holds the key whose hash is stored. */
function isProof(
  proof: string,
  messages: string,
  { storedKey }: ScramVerifier,
): boolean {
  const given = fromBase64(proof);
  const signature = hmac(storedKey, messages);
  if (given.length !== signature.length) return false;
  const clientKey = given.map((byte, at) => byte ^ (signature[at] ?? 0));
  return timingSafeEqual(sha256(clientKey), storedKey);
}

function malformed(): SyntaxError {
  return new SyntaxError("Cannot read SCRAM message: it is malformed");
}

function hmac(key: Uint8Array, data: string): Uint8Array {
  return createHmac("sha256", key).update(data).digest();
}

function sha256(data: Uint8Array): Uint8Array {
  return createHash("sha256").update(data).digest();
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    throw malformed();
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
