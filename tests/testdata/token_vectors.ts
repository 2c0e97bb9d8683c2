import type { AccessKey } from "../../core/token/access_key.ts";
import { Secret } from "../../core/secret.ts";
import type { TokenExpectation } from "../../core/token/verify.ts";
import type { TokenRequest } from "../../core/token/token.ts";
import data from "./rds_token_vectors.json" with { type: "json" };

/** One request, and the tokens that AWS's own signers made of it. */
export type TokenVector = typeof data.cases[number];

/** Every vector, made with the key {@linkcode vectorKey} at {@linkcode VECTOR_TIME}. */
export const TOKEN_VECTORS: readonly TokenVector[] = data.cases;

/** When the vectors were made, in milliseconds since the epoch. */
export const VECTOR_TIME = Date.parse(data.clock);

/** The secret access key of every vector. */
export const VECTOR_SECRET = data.secretAccessKey;

/** The vector of a name. */
export function tokenVector(name: string): TokenVector {
  const found = TOKEN_VECTORS.find((vector) => vector.name === name);
  if (found === undefined) throw new RangeError(`No vector "${name}"`);
  return found;
}

/** The key that a vector was signed with. */
export function vectorKey({ sessionToken }: TokenVector): AccessKey {
  return {
    id: data.accessKeyId,
    secret: new Secret(VECTOR_SECRET),
    ...(sessionToken !== null && { sessionToken: new Secret(sessionToken) }),
  };
}

/** What a vector was signed for, its host as given. */
export function vectorRequest(vector: TokenVector): TokenRequest {
  const { hostname: host, port, region, username } = vector;
  return { host, port, region, username };
}

/** What the database that a vector is for expects. */
export function vectorExpectation(vector: TokenVector): TokenExpectation {
  return {
    ...vectorRequest(vector),
    host: vector.hostname.toLowerCase(),
    accessKeys: [vectorKey(vector)],
  };
}
