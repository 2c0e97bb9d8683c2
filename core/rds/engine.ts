import type { EngineName } from "../engine/engine.ts";

/** RDS's own words for the engines that rdsiam knows (RDS API, `Engine` of `CreateDBInstance`, `EngineFamily` of proxies). */
const ENGINE_BY_RDS_ENGINE: Readonly<Record<string, EngineName>> = {
  "postgres": "postgres",
  "aurora-postgresql": "postgres",
  "POSTGRESQL": "postgres",
  "mysql": "mysql",
  "aurora": "mysql", // Aurora MySQL 5.6, as it was called
  "aurora-mysql": "mysql",
  "MYSQL": "mysql",
  "mariadb": "mariadb",
};

/** The engine as rdsiam calls it; `undefined` for one that knows no IAM logins or that rdsiam does not know. */
export function engineOf(rdsEngine: string): EngineName | undefined {
  return Object.hasOwn(ENGINE_BY_RDS_ENGINE, rdsEngine)
    ? ENGINE_BY_RDS_ENGINE[rdsEngine]
    : undefined;
}
