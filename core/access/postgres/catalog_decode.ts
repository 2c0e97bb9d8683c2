import { RdsiamError } from "../../errors.ts";
import type {
  AclEntry,
  Catalog,
  ColumnAclEntry,
  DefaultAcl,
  Dependents,
  Leftover,
  Membership,
  OtherObject,
  OwnedObject,
  Role,
  RowPolicy,
  Schema,
  SchemaObject,
  Securable,
  TypeName,
  UserMapping,
  View,
} from "../catalog.ts";
import { JsonReader } from "../json_reader.ts";
import {
  DEFAULT_KINDS,
  isPrivilege,
  type ObjectKind,
  OTHER_KINDS,
  type SchemaObjectKind,
} from "../privilege.ts";

function entriesOf(
  json: JsonReader,
  kind: ObjectKind,
): readonly AclEntry[] {
  const privilege = json.at(1).text();
  // A newer server may know more privileges than we do; they are not ours to touch.
  if (!isPrivilege(kind, privilege)) return [];
  return [{
    grantee: json.at(0).textOrNull(),
    privilege,
    grantable: json.at(2).flag(),
    grantor: json.at(3).text(),
  }];
}

function aclOf(json: JsonReader, kind: ObjectKind): readonly AclEntry[] {
  return json.list().flatMap((entry) => entriesOf(entry, kind));
}

function columnAclOf(json: JsonReader): readonly ColumnAclEntry[] {
  return json.list().flatMap((entry) =>
    entriesOf(entry.from(1), "table").map((rest) => ({
      column: entry.at(0).text(),
      ...rest,
    }))
  );
}

function securableOf<Kind extends ObjectKind>(
  json: JsonReader,
  kind: Kind,
): Securable & { readonly kind: Kind } {
  return {
    kind,
    name: json.get("name").text(),
    owner: json.get("owner").text(),
    acl: aclOf(json.get("acl"), kind),
  };
}

function kindOf(json: JsonReader): SchemaObjectKind {
  return json.oneOf(["table", "sequence", "function"]);
}

function roleOf(json: JsonReader): Role {
  return {
    name: json.get("name").text(),
    login: json.get("login").flag(),
    superuser: json.get("superuser").flag(),
    createRole: json.get("createRole").flag(),
    inherit: json.get("inherit").flag(),
    passwordExpired: json.get("passwordExpired").flag(),
    sessions: json.get("sessions").count(),
  };
}

function membershipOf(json: JsonReader): Membership {
  return {
    role: json.get("role").text(),
    member: json.get("member").text(),
    grantor: json.get("grantor").textOrNull(),
    admin: json.get("admin").flag(),
    inherit: json.get("inherit").flag(),
    set: json.get("set").flag(),
  };
}

function schemaOf(json: JsonReader): Schema {
  return {
    ...securableOf(json, "schema"),
    usable: json.get("usable").flag(),
  };
}

function typeOf(json: JsonReader): TypeName {
  return { schema: json.at(0).text(), name: json.at(1).text() };
}

/** Objects come as arrays, in this order, since there may be many. */
function objectOf(json: JsonReader): SchemaObject {
  const kind = kindOf(json.at(0));
  return {
    kind,
    schema: json.at(1).text(),
    name: json.at(2).text(),
    owner: json.at(3).text(),
    argumentTypes: json.at(4).list().map(typeOf),
    extension: json.at(5).flag(),
    acl: aclOf(json.at(6), kind),
    columns: columnAclOf(json.at(7)),
    definer: json.at(8).flag(),
  };
}

function defaultAclOf(json: JsonReader): DefaultAcl {
  const objects = json.get("objects").oneOf(DEFAULT_KINDS);
  return {
    owner: json.get("owner").text(),
    schema: json.get("schema").textOrNull(),
    objects,
    acl: aclOf(json.get("acl"), objects),
  };
}

function otherOf(json: JsonReader): OtherObject {
  return {
    ...securableOf(json, json.get("kind").oneOf(OTHER_KINDS)),
    schema: json.get("schema").textOrNull(),
  };
}

function sharedOf(json: JsonReader): Securable {
  return securableOf(json, json.get("kind").oneOf(["database", "tablespace"]));
}

function viewOf(json: JsonReader): View {
  return {
    schema: json.get("schema").text(),
    name: json.get("name").text(),
    below: json.get("below").list().map((below) => ({
      schema: below.get("schema").text(),
      name: below.get("name").text(),
      columns: below.get("columns").list().map((column) => column.text()),
      rowSecurity: below.get("rowSecurity").flag(),
    })),
  };
}

function policyOf(json: JsonReader): RowPolicy {
  return {
    schema: json.get("schema").text(),
    table: json.get("table").text(),
    owner: json.get("owner").text(),
    name: json.get("name").text(),
    roles: json.get("roles").list().map((role) => role.text()),
  };
}

function ownedOf(json: JsonReader): OwnedObject {
  return {
    role: json.get("role").text(),
    type: json.get("type").text(),
    identity: json.get("identity").text(),
    shared: json.get("shared").flag(),
    follows: json.get("follows").flag(),
  };
}

function userMappingOf(json: JsonReader): UserMapping {
  return {
    role: json.get("role").text(),
    server: json.get("server").text(),
    owner: json.get("owner").text(),
    usable: json.get("usable").flag(),
  };
}

function dependentsOf(json: JsonReader): Dependents {
  return {
    role: json.get("role").text(),
    database: json.get("database").text(),
    owned: json.get("owned").count(),
    privileges: json.get("privileges").count(),
    policies: json.get("policies").count(),
  };
}

function leftoverOf(json: JsonReader): Leftover {
  return { role: json.get("role").text(), text: json.get("text").text() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RdsiamError(
      "failed",
      "Reading the catalog failed: the answer is not JSON",
      { cause },
    );
  }
}

/**
 * The catalog out of the one column that `CATALOG_SQL` gives.
 *
 * @throws {RdsiamError} `failed`, when the text is anything else.
 */
export function decodeCatalog(text: string): Catalog {
  const json = new JsonReader(parse(text), "catalog");
  return {
    serverVersion: json.get("serverVersion").count(),
    sessionUser: json.get("sessionUser").text(),
    currentUser: json.get("currentUser").text(),
    roles: json.get("roles").list().map(roleOf),
    memberships: json.get("memberships").list().map(membershipOf),
    database: securableOf(json.get("database"), "database"),
    schemas: json.get("schemas").list().map(schemaOf),
    objects: json.get("objects").list().map(objectOf),
    further: json.get("further").list().map(objectOf),
    others: json.get("others").list().map(otherOf),
    shared: json.get("shared").list().map(sharedOf),
    defaultAcls: json.get("defaultAcls").list().map(defaultAclOf),
    views: json.get("views").list().map(viewOf),
    policies: json.get("policies").list().map(policyOf),
    owned: json.get("owned").list().map(ownedOf),
    userMappings: json.get("userMappings").list().map(userMappingOf),
    dependents: json.get("dependents").list().map(dependentsOf),
    leftovers: json.get("leftovers").list().map(leftoverOf),
  };
}
