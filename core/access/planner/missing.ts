import { type Catalog, findRole, type Role, type Schema } from "../catalog.ts";
import { displayName } from "../identifier.ts";
import { missing } from "../missing_name.ts";

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
