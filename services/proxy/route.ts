import type { NamedTarget, Target } from "../../core/target/target.ts";
import { LoginFailure } from "./login_failure.ts";

/** Where clients of one listener get to. */
export interface ProxyListener {
  /** The targets behind it. */
  targets: readonly NamedTarget[];
  /** Whether the database's name chooses among them: `db@target`. Otherwise there is one. */
  isShared: boolean;
  /** Whether its clients must know the local password. */
  needsPassword: boolean;
}

/** Where one client gets to. */
export interface Route {
  /** What the target is called. */
  name: string;
  /** The target, with the user that logs in and the database that is opened. */
  target: Target;
}

/**
 * Chooses a client's target, user and database by its start-up parameters.
 *
 * @param anyUser whether the client chooses the user too
 * @throws {LoginFailure} when the database names no target
 */
export function chooseRoute(
  { targets, isShared }: ProxyListener,
  parameters: ReadonlyMap<string, string>,
  anyUser: boolean,
): Route {
  const user = parameters.get("user") ?? "";
  const given = parameters.get("database") ?? "";
  const asked = readName(targets, given, isShared);
  const { entry } = asked;
  if (entry === undefined) throw noTarget(targets, given);
  const { name, target } = entry;
  const username = anyUser && user !== "" ? user : target.username;
  // libpq sends its user's name where no database is named. Who logs in is somebody else here, so nothing was meant.
  const isNamed = asked.database !== "" &&
    (asked.database !== user || user === username);
  if (!username.isWellFormed()) throw notUtf8();
  const database = isNamed ? asked.database : target.database;
  return { name, target: { ...target, username, database } };
}

/** Start-up parameters for the database: the client's own but for user and database. */
export function upstreamParameters(
  { target }: Route,
  parameters: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([
    ...parameters,
    ["user", target.username],
    ["database", target.database],
  ]);
}

/**
 * Reads `target` or `db@target`; names of targets may hold an `@` themselves, so the longest wins. Where there is one
 * target, all else is a database of it.
 */
function readName(
  targets: readonly NamedTarget[],
  given: string,
  isShared: boolean,
) {
  const [entry] = targets
    .filter(({ name }) =>
      isShared && given === name || given.endsWith(`@${name}`)
    )
    .toSorted((one, other) => other.name.length - one.name.length);
  if (entry === undefined && !isShared) {
    return { entry: targets[0], database: given };
  }
  return {
    entry,
    database: given.slice(0, -1 - (entry?.name.length ?? 0)),
  };
}

/** Bytes that are no UTF-8 (see `decodeAnyText`) go through in all but the name that a token is signed for. */
function notUtf8(): LoginFailure {
  return new LoginFailure("protocol", {
    code: "28000", // invalid_authorization_specification
    message: "the user's name is not UTF-8: no token can be signed for it",
    hint: "Name the user in UTF-8",
  });
}

function noTarget(
  targets: readonly NamedTarget[],
  database: string,
): LoginFailure {
  const names = targets.map(({ name }) => name).join(", ");
  return new LoginFailure("no-target", {
    code: "3D000", // invalid_catalog_name, PostgreSQL's own for a database that is not there
    message: `database "${database}" names no target of this proxy`,
    hint: `Ask for DATABASE@TARGET, where TARGET is one of: ${names}`,
  });
}
