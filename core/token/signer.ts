import type { AuthToken, TokenRequest } from "./token.ts";

/** Signs tokens with somebody's AWS credentials. */
export interface Signer {
  /**
   * Signs a token.
   *
   * @throws {RdsiamError} `credentials`, when there are none that work
   */
  sign(request: TokenRequest): Promise<AuthToken>;
}
