/** Looks names up in DNS. */
export interface Resolver {
  /**
   * The name that a name is an alias of (its CNAME record), or `undefined` when it is none.
   *
   * @throws {RdsiamError} `unreachable`, when no name server answers
   */
  alias(name: string): Promise<string | undefined>;
  /**
   * An IP address of a host, by the system's own look-up.
   *
   * @throws {RdsiamError} `unreachable`, when there is none
   */
  address(host: string): Promise<string>;
}
