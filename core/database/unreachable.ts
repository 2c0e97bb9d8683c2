import { RdsiamError, type RdsiamErrorOptions } from "../errors.ts";

/** Why there is no verified connection: the server's certificate is another host's, or anything else. */
export type DialFault = "certificate-name" | "other";

/** A database that cannot be reached, or whose certificate is not trusted. */
export class DatabaseUnreachable extends RdsiamError {
  /** Why, in words that follow a colon. */
  readonly why: string;
  readonly fault: DialFault;

  /**
   * Says in one line why.
   *
   * @param address what was dialled, as `HOST:PORT`
   */
  constructor(
    address: string,
    { why, fault, ...options }:
      & { why: string; fault: DialFault }
      & RdsiamErrorOptions,
  ) {
    super(
      "unreachable",
      `Database at ${address} cannot be reached: ${why}`,
      options,
    );
    this.why = why;
    this.fault = fault;
  }
}
