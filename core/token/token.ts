import type { Secret } from "../secret.ts";

/** The longest life of a token, in milliseconds: 15 minutes from its date. */
export const TOKEN_LIFETIME_MS = 900_000;

/** A signed token, and its clock. Times are milliseconds since the epoch. */
export interface AuthToken {
  /** The token itself: the password to log in with. */
  secret: Secret;
  /** When it was signed. */
  issuedAt: number;
  /** When it stops working: 15 minutes later, or when the credentials it was signed with end, if that is sooner. */
  expiresAt: number;
}

/** What a token is signed for, and by whom: nothing else of a target enters it. */
export interface TokenRequest {
  /** Endpoint host. */
  host: string;
  /** Endpoint port. */
  port: number;
  /** Database user. */
  username: string;
  /** Region of the database. */
  region: string;
  /** AWS shared-config profile, when one is named. */
  profile?: string;
  /** Role to assume before signing. */
  roleArn?: string;
}

/** When a token stops working, in milliseconds since the epoch: it needs its credentials to be valid at login too. */
export function tokenExpiry(
  issuedAt: number,
  credentialsExpireAt: number | undefined,
): number {
  return Math.min(
    issuedAt + TOKEN_LIFETIME_MS,
    credentialsExpireAt ?? Infinity,
  );
}

/** The parts of a token's text, decoded. */
export interface ParsedToken {
  /** Host and, where one is written, port: `host:port`. */
  address: string;
  /** Query parameters, decoded, in the order they stand. */
  parameters: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads a token's text, `host:port/?Action=connect&DBUser=…`; the Go SDK leaves out the slash. A `+` is a plus, as the
 * signers write it, not a space.
 *
 * @throws {SyntaxError} when it has another shape; the message holds nothing of the text
 */
export function parseToken(text: string): ParsedToken {
  const match = /^([^/?#\s]+)\/?\?([^#\s]*)$/.exec(text);
  const [, address, query] = match ?? [];
  if (address === undefined || query === undefined || !text.isWellFormed()) {
    throw new SyntaxError(
      "Cannot parse token: it is not host:port/?parameters",
    );
  }
  return { address, parameters: query.split("&").map(parsePair) };
}

function parsePair(pair: string): [string, string] {
  const separator = pair.indexOf("=");
  if (separator < 1) {
    throw new SyntaxError(
      "Cannot parse token: a parameter has no name or value",
    );
  }
  try {
    return [
      decodeURIComponent(pair.slice(0, separator)),
      decodeURIComponent(pair.slice(separator + 1)),
    ];
  } catch {
    throw new SyntaxError(
      "Cannot parse token: a parameter is not percent-encoded",
    );
  }
}

/**
 * When a token was signed, in milliseconds since the epoch.
 *
 * @throws {SyntaxError} when it has no readable `X-Amz-Date`
 */
export function tokenIssuedAt(token: ParsedToken): number {
  const date = token.parameters.find(([name]) => name === "X-Amz-Date")?.[1];
  const issuedAt = parseAmzDate(date ?? "");
  if (issuedAt === undefined) {
    throw new SyntaxError(
      "Cannot parse token: X-Amz-Date is missing or malformed",
    );
  }
  return issuedAt;
}

/** Reads `yyyymmddThhmmssZ` as milliseconds since the epoch; `undefined` when it is no such date. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const time = Date.parse(iso);
  // Date.parse would carry 31 February over into March.
  return !Number.isNaN(time) &&
      new Date(time).toISOString() === iso.replace("Z", ".000Z")
    ? time
    : undefined;
}
