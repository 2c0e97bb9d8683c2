import type { DataKind } from "../local_server/data.ts";
import type { ServerKind } from "../local_server/kind.ts";
import { type MysqlEngine, PRODUCTS } from "./programs.ts";

/** The file that tells whose data a folder holds: the servers' own files do not say it alike. */
export const VERSION_FILE = "rdsiam-server";

/** What starting a server of this engine is told. */
export function serverKind(engine: MysqlEngine): ServerKind {
  return {
    product: PRODUCTS[engine],
    users: ["_mysql", "mysql", "nobody"],
  };
}

/** How its data folders are known. */
export function dataKind(engine: MysqlEngine): DataKind {
  return {
    product: PRODUCTS[engine],
    versionFile: VERSION_FILE,
    requiredFile: "ibdata1",
  };
}
