import type { Finding } from "../check.ts";

/** libpq reads lines of any length in passfiles from 14 on; before, a long token may be cut. */
const LONG_PASSWORDS = 14;

/**
 * Whether psql, and so libpq, takes tokens.
 *
 * @param version what `psql --version` prints, such as `psql (PostgreSQL) 15.20`
 */
export function judgePsql(path: string, version: string): Finding {
  const number = /(\d+)(?:\.\d+)*/.exec(version)?.[0];
  if (number === undefined) {
    return { status: "warning", detail: `${path} does not tell its version` };
  }
  const detail = `${number} at ${path}`;
  return Number.parseInt(number) >= LONG_PASSWORDS
    ? { status: "ok", detail }
    : {
      status: "warning",
      detail: `${detail}: before 14, it may cut tokens in the passfile`,
      remedy: "rdsiam exec --via password -- psql",
    };
}
