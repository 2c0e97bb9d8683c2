import { dialledAddress, type LoginTarget } from "./login_target.ts";
import type { UrlParts } from "./url_parts.ts";
import { checkDialled, MYSQL_SSL_MODES } from "./mysql_tls.ts";

/**
 * What a MySQL URL says of a target (MySQL manual, "Connecting to the Server Using URI-Like Strings").
 *
 * @throws {RdsiamError} `usage`, when a client could not verify the server
 */
export function mysqlUrlParts(target: LoginTarget): UrlParts {
  checkDialled(target);
  return {
    host: dialledAddress(target).host,
    parameters: {
      "ssl-mode": MYSQL_SSL_MODES[target.sslmode],
      "ssl-ca": target.sslrootcert,
    },
  };
}
