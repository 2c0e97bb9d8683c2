import { formatAddress } from "../../core/target/address.ts";

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
  // A path stays readable: in what follows the question mark, a slash is itself.
  const query = Object.entries(parameters).map(([name, value]) =>
    `${name}=${encodeURIComponent(value).replaceAll("%2F", "/")}`
  ).join("&");
  return `jdbc:postgresql://${formatAddress(host, port)}/${
    encodeURIComponent(database)
  }${query === "" ? "" : `?${query}`}`;
}
