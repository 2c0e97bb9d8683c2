import type { Secret } from "../secret.ts";
import { dialledAddress, type LoginTarget } from "./login_target.ts";

/**
 * How a child gets its login: a password from a file that is kept fresh or in its environment, or a proxy on this
 * machine. The password may stand in a file as well, whose path that is.
 */
export type Login =
  | { kind: "passfile"; path: string }
  | { kind: "password"; token: Secret; path?: string | undefined }
  | {
    kind: "proxy";
    host: string;
    port: number;
    password: Secret;
    path?: string | undefined;
  };

/** A change to make to the environment that a child inherits. */
export interface EnvironmentChange {
  /** Variables to set. */
  set: Record<string, string>;
  /** Variables to set where there is none. */
  defaults?: Record<string, string>;
  /** Variables to take out, since they would beat what is set, or have the client refuse it. */
  unset: string[];
  /** Variables to take out without a word, since they are about another way to connect. */
  clear?: readonly string[];
}

/** Computes the environment that logs a client in to a target. */
export type LoginEnvironment = (
  target: LoginTarget,
  login: Login,
) => EnvironmentChange;

/**
 * The environment of a libpq client (PostgreSQL manual, "Environment Variables"). With `connect`, the name stays in
 * `PGHOST`, where the certificate is checked and the passfile looked up, and `PGHOSTADDR` says where to dial; its host
 * must be an IP address then.
 */
export function postgresEnvironment(
  target: LoginTarget,
  login: Login,
): EnvironmentChange {
  if (login.kind === "proxy") return proxyEnvironment(target, login);
  const { sslrootcert, connect } = target;
  return {
    set: {
      PGHOST: target.host,
      PGPORT: String(dialledAddress(target).port),
      PGUSER: target.username,
      PGDATABASE: target.database,
      PGSSLMODE: target.sslmode,
      ...(sslrootcert !== undefined && { PGSSLROOTCERT: sslrootcert }),
      // Its encryption would go first, and nothing is verified of it by AWS's authorities.
      PGGSSENCMODE: "disable",
      ...(connect !== undefined && { PGHOSTADDR: connect.host }),
      ...(login.kind === "passfile" ? { PGPASSFILE: login.path } : {
        PGPASSWORD: login.token.reveal(),
        ...(login.path !== undefined && { PGPASSFILE: login.path }),
      }),
    },
    // Node's clients read roots from nowhere else.
    ...(sslrootcert !== undefined && sslrootcert !== "system" &&
      { defaults: { NODE_EXTRA_CA_CERTS: sslrootcert } }),
    // A service's settings, and a password in the environment, beat a passfile. A token is a password in clear, which these
    // forbid.
    unset: [
      "PGSERVICE",
      "PGREQUIREAUTH",
      "PGCHANNELBINDING",
      ...(login.kind === "passfile" ? ["PGPASSWORD"] : []),
    ],
    // They describe another connection.
    clear: ["PGHOSTADDR", "PGSSLROOTCERT"],
  };
}

/** All that libpq would check of the database's own connection is the proxy's business. */
function proxyEnvironment(
  { username, database }: LoginTarget,
  { host, port, password, path }: Login & { kind: "proxy" },
): EnvironmentChange {
  return {
    set: {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: username,
      PGDATABASE: database,
      PGPASSWORD: password.reveal(),
      ...(path !== undefined && { PGPASSFILE: path }),
      PGSSLMODE: "disable",
      PGGSSENCMODE: "disable",
    },
    unset: ["PGSERVICE"],
    clear: [
      "PGHOSTADDR",
      "PGSSLROOTCERT",
      "PGSSLNEGOTIATION",
      "PGCHANNELBINDING",
      "PGREQUIREAUTH",
    ],
  };
}

/**
 * Applies a change to an environment.
 *
 * @returns the new environment, and the names of the variables that were there and are taken out
 */
export function applyEnvironment(
  inherited: Readonly<Record<string, string>>,
  change: EnvironmentChange,
): { environment: Record<string, string>; removed: string[] } {
  const removed = change.unset.filter((name) =>
    (inherited[name] ?? "") !== "" && !(name in change.set)
  );
  const environment = { ...change.defaults, ...inherited, ...change.set };
  for (const name of [...change.unset, ...change.clear ?? []]) {
    if (!(name in change.set)) delete environment[name];
  }
  return { environment, removed };
}
