import { postgresEnvironment } from "./child_env.ts";
import {
  hasSharedName,
  mysqlClientFile,
  mysqlDefaultVia,
  mysqlEnvironment,
  mysqlUserFiles,
} from "./mysql_client.ts";
import { mysqlUrlParts } from "./mysql_url_parts.ts";
import { postgresClientFile } from "./postgres_client.ts";
import { postgresUrlParts } from "./url_parts.ts";
import type { Engine, EngineName } from "./engine.ts";

/** What MySQL and MariaDB have in common. */
const MYSQL = {
  protocol: "mysql",
  defaultPort: 3306,
  urlParts: mysqlUrlParts,
  defaultDatabase: () => "",
  loginEnvironment: mysqlEnvironment,
  clientFile: mysqlClientFile,
  defaultVia: mysqlDefaultVia,
  asksVersion: hasSharedName,
  userFiles: mysqlUserFiles,
} as const;

/** Every engine by its name. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  postgres: {
    name: "postgres",
    protocol: "postgres",
    clients: ["psql"],
    clientPackage:
      "psql (apt install postgresql-client, brew install libpq, winget install PostgreSQL.PostgreSQL)",
    defaultPort: 5432,
    urlProtocols: ["postgresql", "postgres"], // SQLAlchemy knows the first alone
    urlParts: postgresUrlParts,
    maxUsername: { length: 63, unit: "bytes" }, // NAMEDATALEN - 1; PostgreSQL would cut a longer name
    defaultDatabase: (username) => username, // as libpq
    loginEnvironment: postgresEnvironment,
    clientFile: postgresClientFile,
    defaultVia: () => "passfile",
    asksVersion: () => false,
    userFiles: () => [],
  },
  mysql: {
    ...MYSQL,
    name: "mysql",
    clients: ["mysql", "mariadb"],
    clientPackage:
      "mysql (brew install mysql-client, or mysql-community-client of dev.mysql.com)",
    urlProtocols: ["mysql"],
    maxUsername: { length: 32, unit: "characters" },
  },
  mariadb: {
    ...MYSQL,
    name: "mariadb",
    clients: ["mariadb", "mysql"],
    clientPackage: "mariadb (apt install mariadb-client, brew install mariadb)",
    urlProtocols: ["mariadb"],
    maxUsername: { length: 128, unit: "characters" },
  },
};

/** The engines' names. */
export const ENGINE_NAMES: readonly EngineName[] = Object.values(ENGINES)
  .map(({ name }) => name);
