import type { DataKind } from "../local_server/data.ts";

/** How PostgreSQL's data folders are known. */
export const POSTGRES_DATA: DataKind = {
  product: "PostgreSQL",
  versionFile: "PG_VERSION",
  requiredFile: "global/pg_control",
};
