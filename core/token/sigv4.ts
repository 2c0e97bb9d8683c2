// WebCrypto, since `node:crypto` takes a fifth of all of `rdsiam token` to load: `deno task bench token`.

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
export async function signPresignedGet(
  request: PresignedGet,
  secretAccessKey: string,
): Promise<string> {
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
    await sha256(""),
  ].join("\n");
  return await signCanonicalRequest(canonicalRequest, request, secretAccessKey);
}

/** Signs a request in its canonical form; 64 hexadecimal digits. */
export async function signCanonicalRequest(
  canonicalRequest: string,
  { date, scope }: Pick<PresignedGet, "date" | "scope">,
  secretAccessKey: string,
): Promise<string> {
  const stringToSign = [
    "AWS4-HMAC-SHA256",
    date,
    scope,
    await sha256(canonicalRequest),
  ].join("\n");
  let key = encode(`AWS4${secretAccessKey}`);
  for (const part of [...scope.split("/"), stringToSign]) {
    key = await hmac(key, encode(part));
  }
  return key.toHex();
}

async function hmac(
  secret: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey(
    "raw",
    secret,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The SHA-256 of a text, 64 hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encode(text));
  return new Uint8Array(digest).toHex();
}
