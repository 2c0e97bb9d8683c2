import { clientLogin } from "./clients/client_login.ts";
import { type IdeaDataSource, REMARK } from "./clients/idea_data_sources.ts";
import { ideaWriter } from "./clients/idea_writer.ts";
import { type ProxyEndpoint, proxyNotice } from "./clients/proxy_endpoint.ts";
import { jdbcUrl } from "./formats/jdbc_url.ts";
import type {
  PureWriter,
  WriterEntry,
  WriterOption,
} from "../core/writer/writer.ts";

/** DataGrip's own names of MySQL's and MariaDB's drivers, and their classes. */
const MYSQL_DRIVERS = {
  mysql: ["mysql.8", "com.mysql.cj.jdbc.Driver"],
  mariadb: ["mariadb", "org.mariadb.jdbc.Driver"],
} as const;

/**
 * The data sources of a JetBrains project, its `.idea/dataSources.xml`; who logs in is the other file's: `datagrip-local`.
 * Those of MySQL and MariaDB lead to a local endpoint of `rdsiam proxy`, since DataGrip reads no password of theirs from a
 * file.
 */
export default function datagrip(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  return ideaWriter({
    name: "datagrip",
    summary: "data sources of a JetBrains project, .idea/dataSources.xml",
    file: {
      component: "DataSourceManagerImpl",
      attributes: ' format="xml" multifile-model="true"',
    },
    write: (entry, endpoint) =>
      endpoint === undefined
        ? postgresSource(entry)
        : mysqlSource(entry, endpoint),
  }, options);
}

function postgresSource(entry: WriterEntry) {
  const { host, port, sslmode, notices } = clientLogin(entry, "DataGrip");
  const { name, database, sslrootcert } = entry;
  const parameters = { sslmode, sslrootcert };
  const url = jdbcUrl({ host, port, database, parameters });
  const driver = ["postgresql", "org.postgresql.Driver"] as const;
  return { notices, source: sourceOf(name, driver, url) };
}

function mysqlSource(entry: WriterEntry, endpoint: ProxyEndpoint) {
  const { name, database } = entry;
  const protocol = entry.engine === "mariadb" ? "mariadb" : "mysql";
  const url = jdbcUrl({ protocol, ...endpoint, database });
  return {
    notices: [proxyNotice(entry, endpoint, "DataGrip")],
    source: sourceOf(name, MYSQL_DRIVERS[protocol], url),
  };
}

function sourceOf(
  name: string,
  [driver, driverClass]: readonly [string, string],
  url: string,
): Omit<IdeaDataSource, "name"> {
  return {
    attributes: ' source="LOCAL"',
    firstFields: {
      "driver-ref": driver,
      synchronize: "true",
      remarks: REMARK + name,
      "jdbc-driver": driverClass,
    },
    fields: { "jdbc-url": url },
  };
}
