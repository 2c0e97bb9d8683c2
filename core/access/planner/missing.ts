import { RdsiamError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import { type Catalog, findRole, type Role, type Schema } from "../catalog.ts";
import { displayName } from "../identifier.ts";

/** The error for a name that is not there, with the nearest one that is. */
export function missing(
  what: string,
  name: string,
  candidates: readonly string[],
  otherwise: string,
): RdsiamError {
  const near = nearest(name, candidates);
  return new RdsiamError(
    "usage",
    `${what} ${displayName(name)} cannot be used: it does not exist`,
    {
      hint: near === undefined
        ? otherwise
        : `Did you mean ${displayName(near)}?`,
    },
  );
}

/** The role of this name; `what` names its part in the wish, as `Group`. */
export function requireRole(
  catalog: Catalog,
  name: string,
  what: string,
): Role {
  const role = findRole(catalog, name);
  if (role !== undefined) return role;
  throw missing(
    what,
    name,
    catalog.roles.map((candidate) => candidate.name),
    "List the roles of the server with \\du in psql",
  );
}

/** The schema of this name. */
export function requireSchema(catalog: Catalog, name: string): Schema {
  const schema = catalog.schemas.find((candidate) => candidate.name === name);
  if (schema !== undefined) return schema;
  throw missing(
    "Schema",
    name,
    catalog.schemas.map((candidate) => candidate.name),
    `List the schemas of database ${
      displayName(catalog.database.name)
    } with \\dn in psql`,
  );
}
