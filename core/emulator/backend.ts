import type { ByteStream } from "../ports/streams.ts";

/** The real PostgreSQL behind the emulator. */
export interface Backend {
  /** Its major version. */
  major: number;
  /** Whether RDS would want a token from this role: whether it is a member of `rds_iam`. */
  isIamRole(username: string): Promise<boolean>;
  /** Connects to where it lets every role in without a password; for verified clients alone. */
  connectTrusted(): Promise<ByteStream>;
  /** Connects to where it asks for the role's own password. */
  connectByPassword(): Promise<ByteStream>;
}
