import type { MysqlDialer } from "../../../core/database/mysql_dialer.ts";
import type { Secret } from "../../../core/secret.ts";
import type { Target } from "../../../core/target/target.ts";
import type { SharedPorts } from "../shared_ports.ts";
import type { Semaphore } from "./semaphore.ts";

/** What serving clients of MySQL and MariaDB works with besides. */
export interface MysqlPorts extends SharedPorts {
  dialer: MysqlDialer;
  /** What clients prove to know, where a listener needs it. */
  password: Secret;
  /** So many random bytes. */
  random: (length: number) => Uint8Array;
  /** How many of a database's connections are held for clients that have not said who they are. */
  semaphoreOf: (target: Target) => Semaphore;
  /** The SHA-256 of the certificate that clients are shown, where its key is proven by the password. */
  fingerprint: Uint8Array | undefined;
}
