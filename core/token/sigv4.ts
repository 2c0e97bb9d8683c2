import { createHash, createHmac } from "node:crypto";

/**
 * Signature Version 4 for the one request that an RDS token is: a presigned `GET /` (AWS IAM User Guide, "Create a
 * signed AWS API request").
 */
export interface PresignedGet {
  /** The `host` header, as it is signed. */
  host: string;
  /** Decoded query parameters but for the signature, in any order. */
  parameters: readonly (readonly [name: string, value: string])[];
  /** When it was signed, `yyyymmddThhmmssZ`. */
  date: string;
  /** The credential scope: `yyyymmdd/region/service/aws4_request`. */
  scope: string;
}

/** Percent-encodes as RFC 3986 wants it, which SigV4 signs: all but `A-Z a-z 0-9 - _ . ~`. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Computes the signature of a presigned `GET`, 64 hexadecimal digits. */
export function signPresignedGet(
  request: PresignedGet,
  secretAccessKey: string,
): string {
  const query = request.parameters
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)])
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
  const canonicalRequest = [
    "GET",
    "/",
    query,
    `host:${request.host}`,
    "",
    "host",
    sha256(""),
  ].join("\n");
  const stringToSign = [
    "AWS4-HMAC-SHA256",
    request.date,
    request.scope,
    sha256(canonicalRequest),
  ].join("\n");
  const key = request.scope.split("/").reduce<string | Uint8Array>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac("sha256", key).update(stringToSign).digest("hex");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
