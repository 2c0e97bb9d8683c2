import { postgresEnvironment } from "./child_env.ts";
import { mysqlClientFile, mysqlEnvironment } from "./mysql_client.ts";
import { mysqlUrlParts } from "./mysql_url_parts.ts";
import { postgresClientFile } from "./postgres_client.ts";
import { postgresUrlParts } from "./url_parts.ts";
import type { Engine, EngineName } from "./engine.ts";

/** What MySQL and MariaDB have in common. */
const MYSQL = {
  defaultPort: 3306,
  urlParts: mysqlUrlParts,
  defaultDatabase: () => "",
  loginEnvironment: mysqlEnvironment,
  clientFile: mysqlClientFile,
};

/** Every engine by its name. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  postgres: {
    name: "postgres",
    defaultPort: 5432,
    urlProtocols: ["postgres", "postgresql"],
    urlParts: postgresUrlParts,
    maxUsername: { length: 63, unit: "bytes" }, // NAMEDATALEN - 1; PostgreSQL would cut a longer name
    defaultDatabase: (username) => username, // as libpq
    loginEnvironment: postgresEnvironment,
    clientFile: postgresClientFile,
  },
  mysql: {
    ...MYSQL,
    name: "mysql",
    urlProtocols: ["mysql"],
    maxUsername: { length: 32, unit: "characters" },
  },
  mariadb: {
    ...MYSQL,
    name: "mariadb",
    urlProtocols: ["mariadb"],
    maxUsername: { length: 128, unit: "characters" },
  },
};
