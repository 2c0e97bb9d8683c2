import { timingSafeEqual } from "node:crypto";
import type { AccessKey } from "./access_key.ts";
import { signPresignedGet } from "./sigv4.ts";
import {
  parseAmzDate,
  type ParsedToken,
  parseToken,
  TOKEN_LIFETIME_MS,
} from "./token.ts";

/** The longest `X-Amz-Expires` that RDS takes, in seconds. */
const MAX_EXPIRES_SECONDS = 900;

/** How far in the future a token may be dated, in milliseconds. RDS's own tolerance is not documented. */
export const FUTURE_SKEW_MS = 300_000;

/** What a token must be signed for. */
export interface TokenExpectation {
  /** Endpoint host, in lower case. */
  host: string;
  /** Endpoint port. */
  port: number;
  /** Region. */
  region: string;
  /** The user that logs in; names are case-sensitive. */
  username: string;
  /** The keys that are known. */
  accessKeys: readonly AccessKey[];
  /** The longest age of a token in milliseconds; default 15 minutes. */
  lifetimeMs?: number;
}

/** What is wrong with a token, in the words that RDS's own log uses where it has one. */
export type TokenFault = "InvalidToken" | "ExpiredToken";

/** What the verification of a token found. */
export type Verdict =
  | { ok: true; accessKeyId: string; ageMs: number }
  | { ok: false; fault: TokenFault; reason: string };

/**
 * Verifies a token as RDS does: the signature is computed again over the canonical request, whatever the order of the
 * parameters, and everything in it is held against what is expected.
 *
 * @param text the password that a client sent
 * @param now milliseconds since the epoch
 * @returns the verdict; its reason names fields and never repeats a secret
 */
export async function verifyToken(
  text: string,
  expected: TokenExpectation,
  now: number,
): Promise<Verdict> {
  try {
    return { ok: true, ...await check(parseToken(text), expected, now) };
  } catch (error) {
    if (error instanceof Refusal) {
      return { ok: false, fault: error.fault, reason: error.message };
    }
    if (error instanceof SyntaxError) {
      return {
        ok: false,
        fault: "InvalidToken",
        reason: "the password is not a token",
      };
    }
    throw error;
  }
}

class Refusal extends Error {
  constructor(readonly fault: TokenFault, reason: string) {
    super(reason);
  }
}

function refuse(reason: string, fault: TokenFault = "InvalidToken"): never {
  throw new Refusal(fault, reason);
}

async function check(
  token: ParsedToken,
  expected: TokenExpectation,
  now: number,
) {
  const parameters = new Map(token.parameters);
  if (parameters.size !== token.parameters.length) {
    refuse("a parameter stands twice");
  }
  function must(name: string, wanted: string) {
    const found = parameters.get(name);
    if (found === undefined) refuse(`${name} is missing`);
    if (found !== wanted) {
      refuse(`${name} is ${quote(found)} where ${quote(wanted)} is expected`);
    }
  }
  must("Action", "connect");
  must("DBUser", expected.username);
  must("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
  must("X-Amz-SignedHeaders", "host");

  const date = parameters.get("X-Amz-Date") ?? "";
  const issuedAt = parseAmzDate(date);
  if (issuedAt === undefined) refuse("X-Amz-Date is missing or malformed");
  const { key, scope } = checkCredential(parameters, date, expected);
  checkSessionToken(parameters.get("X-Amz-Security-Token"), key);
  checkAddress(token.address, expected);
  await checkSignature(token, date, scope, key);
  const ownLifetimeMs = readExpires(parameters.get("X-Amz-Expires"));
  const { lifetimeMs = TOKEN_LIFETIME_MS } = expected;
  const mostMs = Math.min(lifetimeMs, ownLifetimeMs);
  return { accessKeyId: key.id, ageMs: checkAge(issuedAt, now, mostMs) };
}

function checkCredential(
  parameters: ReadonlyMap<string, string>,
  date: string,
  expected: TokenExpectation,
) {
  const credential = parameters.get("X-Amz-Credential") ?? "";
  const [id = "", day = "", region = "", service = "", end = "", ...rest] =
    credential.split("/");
  if (end !== "aws4_request" || rest.length > 0) {
    refuse("X-Amz-Credential is missing or malformed");
  }
  if (day !== date.slice(0, 8)) {
    refuse("the credential scope is of another day than X-Amz-Date");
  }
  if (region !== expected.region) {
    refuse(
      `it is signed for region ${quote(region)}, the database is in ${
        quote(expected.region)
      }`,
    );
  }
  if (service !== "rds-db") {
    refuse(`it is signed for service ${quote(service)}, not "rds-db"`);
  }
  const key = expected.accessKeys.find((key) => key.id === id);
  if (key === undefined) refuse(`access key id ${quote(id)} is not known`);
  return { key, scope: `${day}/${region}/${service}/${end}` };
}

function checkSessionToken(found: string | undefined, key: AccessKey) {
  const wanted = key.sessionToken?.reveal();
  if (found === wanted) return;
  refuse(
    found === undefined
      ? "X-Amz-Security-Token is missing: the access key is a temporary one"
      : wanted === undefined
      ? "X-Amz-Security-Token is there, but the access key is a permanent one"
      : "X-Amz-Security-Token is not the access key's",
  );
}

/** Signers write the default HTTPS port or leave it out, so that `host:443` and `host` are the same. */
function checkAddress(address: string, { host, port }: TokenExpectation) {
  const found = address.toLowerCase();
  if (found === `${host}:${port}` || (port === 443 && found === host)) return;
  refuse(
    `it is signed for ${quote(address)}, the endpoint is ${
      quote(`${host}:${port}`)
    }`,
  );
}

/** The SDKs differ in what they sign of a host with capitals and of port 443: any of their forms is right. */
async function checkSignature(
  token: ParsedToken,
  date: string,
  scope: string,
  key: AccessKey,
) {
  const parameters = token.parameters.filter(([name]) =>
    name !== "X-Amz-Signature"
  );
  const found = token.parameters.find(([name]) => name === "X-Amz-Signature")
    ?.[1];
  if (found === undefined) refuse("X-Amz-Signature is missing");
  const hosts = new Set(
    [token.address, token.address.toLowerCase()]
      .flatMap((host) => [host, host.replace(/:443$/, "")]),
  );
  const signatures = await Promise.all(
    [...hosts].map((host) =>
      signPresignedGet({ host, parameters, date, scope }, key.secret.reveal())
    ),
  );
  if (!signatures.some((wanted) => equal(found, wanted))) {
    refuse(
      "the signature does not match: another secret access key, or the token was changed",
    );
  }
}

function equal(found: string, wanted: string): boolean {
  const encoder = new TextEncoder();
  const [a, b] = [encoder.encode(found), encoder.encode(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** How long a token says that it lasts, in milliseconds. */
function readExpires(expires: string | undefined): number {
  const seconds = /^\d{1,5}$/.test(expires ?? "") ? Number(expires) : NaN;
  if (!(seconds <= MAX_EXPIRES_SECONDS)) {
    refuse(`X-Amz-Expires is missing or over ${MAX_EXPIRES_SECONDS} seconds`);
  }
  return seconds * 1000;
}

function checkAge(
  issuedAt: number,
  now: number,
  lifetimeMs: number,
): number {
  const ageMs = now - issuedAt;
  if (ageMs < -FUTURE_SKEW_MS) {
    refuse(
      `it is dated ${
        seconds(-ageMs)
      } in the future: the clock of its signer is ahead`,
    );
  }
  if (ageMs > lifetimeMs || lifetimeMs === 0) {
    refuse(
      `it expired ${seconds(ageMs - lifetimeMs)} ago: it was signed ${
        seconds(ageMs)
      } ago, or the clock of its signer is behind`,
      "ExpiredToken",
    );
  }
  return ageMs;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

/** Quotes what a client sent for a log line: one line, of bounded length. */
function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
