import type { ClientFile, Launch } from "./engine.ts";
import { passfileAddresses } from "../passfile/addresses.ts";
import { formatPassfileLine } from "../passfile/line.ts";

/**
 * The passfile of a libpq client, which its environment names. Beside a password in the environment it is for programs that
 * pass an empty one: libpq takes `PGPASSWORD` only where none is passed, and reads the passfile for an empty one too.
 */
export function postgresClientFile(
  { command }: Launch,
): ClientFile {
  return {
    name: "pgpass",
    format(target, token) {
      const lines = passfileAddresses(target).map(({ host, port }) =>
        formatPassfileLine({
          ...{ host, port, username: target.username, password: token },
          database: "*", // psql's \c reaches every database with one login
        })
      );
      return `${lines.join("\n")}\n`;
    },
    command: () => command,
  };
}
