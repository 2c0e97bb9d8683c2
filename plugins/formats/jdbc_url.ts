import { formatAddress } from "../../core/target/address.ts";

/**
 * Writes a JDBC URL (pgjdbc documentation, "Connecting to the Database"; MySQL Connector/J, "Connection URL Syntax"; MariaDB
 * Connector/J, "Connection strings"): the database and the values of the parameters are percent-encoded.
 */
export function jdbcUrl(
  { protocol = "postgresql", host, port, database, parameters = {} }: {
    protocol?: "postgresql" | "mysql" | "mariadb";
    host: string;
    port: number;
    database: string;
    parameters?: Readonly<Record<string, string>>;
  },
): string {
  // A path stays readable: in what follows the question mark, a slash is itself.
  const query = Object.entries(parameters).map(([name, value]) =>
    `${name}=${encodeURIComponent(value).replaceAll("%2F", "/")}`
  ).join("&");
  return `jdbc:${protocol}://${formatAddress(host, port)}/${
    encodeURIComponent(database)
  }${query === "" ? "" : `?${query}`}`;
}
