/** A kind of database server that is started for this program alone. */
export interface ServerKind {
  /** What a message calls it: `PostgreSQL`. */
  product: string;
  /** The users to run it as instead of root, best first. */
  users: readonly string[];
}
