import type { NewTarget } from "../config/edit.ts";
import { ENGINES } from "../engine/engines.ts";
import { RdsiamError } from "../errors.ts";
import { parseEndpoint } from "../target/endpoint.ts";
import type { TargetFields } from "../target/fields.ts";
import type { EndpointWord } from "./discovered.ts";
import type { NamedEndpoint } from "./target_names.ts";

/** What discovery does not tell. */
export interface LoginSettings {
  username?: string;
  /** The profile that it was discovered with. */
  profile?: string;
  /** The role that it was discovered as. */
  roleArn?: string;
}

/** Where users and privileges can be given: what is not read-only and no proxy. */
const ADMINISTRABLE: ReadonlySet<EndpointWord> = new Set([
  "instance",
  "writer",
  "global writer",
  "writer instance",
]);

/**
 * The target of the configuration that leads to an endpoint: with the database that it was created with, and its master
 * user for `setup-db`.
 *
 * @throws {RdsiamError} `usage`, when it cannot be a target
 */
export function newTarget(
  { name, word, database, endpoint, obstacle }: NamedEndpoint,
  { username, profile, roleArn }: LoginSettings,
): NewTarget {
  const { engine } = database;
  if (obstacle !== undefined || !endpoint || engine === undefined) {
    throw new RdsiamError("usage", `"${name}" cannot be saved: ${obstacle}`, {
      hint: "Leave it out",
    });
  }
  const { host, port } = endpoint;
  // Without one, PostgreSQL's clients take the user's name; `postgres` is always there.
  const dbname = database.database ??
    (engine === "postgres" ? "postgres" : undefined);
  const fields: TargetFields = {
    host,
    ...(port !== ENGINES[engine].defaultPort && { port: `${port}` }),
    ...(dbname !== undefined && { dbname }),
    ...(username !== undefined && { username }),
    ...(profile !== undefined && { profile }),
    // The name of a global database's writer holds none.
    ...(parseEndpoint(host)?.region === undefined &&
      { region: database.region }),
    ...(roleArn !== undefined && { roleArn }),
    ...(engine !== "postgres" && { engine }),
  };
  const admin = ADMINISTRABLE.has(word) ? database.masterUsername : undefined;
  return { name, fields, ...(admin && { admin: { username: admin } }) };
}
