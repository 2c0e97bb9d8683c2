import type { ClientFile, Launch } from "./engine.ts";
import { dialledAddress } from "./login_target.ts";
import { formatPassfileLine } from "../passfile/line.ts";

/** The passfile of a libpq client, which its environment names. */
export function postgresClientFile(
  { command, via }: Launch,
): ClientFile | undefined {
  if (via !== "passfile") return undefined;
  return {
    name: "pgpass",
    format(target, token) {
      const line = formatPassfileLine({
        host: target.host,
        port: dialledAddress(target).port,
        database: "*", // psql's \c reaches every database with one login
        username: target.username,
        password: token,
      });
      return `${line}\n`;
    },
    command: () => command,
  };
}
