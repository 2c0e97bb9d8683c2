import type { ServerKind } from "../local_server/kind.ts";

/** PostgreSQL, which refuses to run as root; the first of its users is macOS's. */
export const POSTGRES: ServerKind = {
  product: "PostgreSQL",
  users: ["_postgres", "postgres", "nobody"],
};
