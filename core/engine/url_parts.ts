import type { LoginTarget } from "./login_target.ts";

/** What a connection URL says of a target, beside its login and database. */
export interface UrlParts {
  /** Its host. */
  host: string;
  /** Its parameters, not yet encoded; those that are `undefined` are left out. */
  parameters: Readonly<Record<string, string | undefined>>;
}

/**
 * What a PostgreSQL URL says of a target (PostgreSQL manual, "Connection URIs"). With `connect`, the name stays in the URL
 * and `hostaddr` says where to dial.
 */
export function postgresUrlParts(target: LoginTarget): UrlParts {
  return {
    host: target.host,
    parameters: {
      sslmode: target.sslmode,
      sslrootcert: target.sslrootcert,
      hostaddr: target.connect?.host,
    },
  };
}
