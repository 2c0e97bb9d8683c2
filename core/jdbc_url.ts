import { formatAddress } from "./target/address.ts";

/**
 * Writes a `jdbc:postgresql:` URL (pgjdbc documentation, "Connecting to the Database"): the database and the values of
 * the parameters are percent-encoded.
 */
export function jdbcUrl(
  { host, port, database, parameters = {} }: {
    host: string;
    port: number;
    database: string;
    parameters?: Readonly<Record<string, string>>;
  },
): string {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `jdbc:postgresql://${formatAddress(host, port)}/${
    encodeURIComponent(database)
  }${query === "" ? "" : `?${query}`}`;
}
