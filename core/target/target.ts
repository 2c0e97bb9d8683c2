import type { EngineName } from "../engine/engine.ts";
import type { SslMode } from "../engine/login_target.ts";

/** Where to connect, as whom. Every field is checked. */
export interface Target {
  /** What kind of database it is. */
  engine: EngineName;
  /** The endpoint's name in lower case: signed for, and verified in the server's certificate. */
  host: string;
  /** The endpoint's port, which is signed for. */
  port: number;
  /** The database user that logs in. */
  username: string;
  /** The database; empty for none, which PostgreSQL does not know. */
  database: string;
  /** The region that is signed for. */
  region: string;
  /** AWS shared-config profile, when one is named. */
  profile?: string;
  /** Role to assume before signing. */
  roleArn?: string;
  /** Where to dial instead of host and port. */
  connect?: { host: string; port: number };
  /** How clients verify the server. */
  sslmode: SslMode;
  /** File of trusted roots; without one, the bundle that rdsiam carries. */
  sslrootcert?: string;
}
