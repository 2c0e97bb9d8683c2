import { RdsiamError } from "../../errors.ts";
import type {
  AclEntry,
  Catalog,
  DefaultAcl,
  Dependents,
  Membership,
  Role,
  Schema,
  SchemaObject,
  Securable,
  TypeName,
} from "../catalog.ts";
import { JsonReader } from "./json_reader.ts";
import {
  isPrivilege,
  type ObjectKind,
  type SchemaObjectKind,
} from "../privilege.ts";

function aclOf(json: JsonReader, kind: ObjectKind): readonly AclEntry[] {
  return json.list().flatMap((entry): AclEntry[] => {
    const privilege = entry.at(1).text();
    // A newer server may know more privileges than we do; they are not ours to touch.
    if (!isPrivilege(kind, privilege)) return [];
    return [{
      grantee: entry.at(0).textOrNull(),
      privilege,
      grantable: entry.at(2).flag(),
      grantor: entry.at(3).text(),
    }];
  });
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
  };
}

function defaultAclOf(json: JsonReader): DefaultAcl {
  const objects = kindOf(json.get("objects"));
  return {
    owner: json.get("owner").text(),
    schema: json.get("schema").textOrNull(),
    objects,
    acl: aclOf(json.get("acl"), objects),
  };
}

function dependentsOf(json: JsonReader): Dependents {
  return {
    role: json.get("role").text(),
    database: json.get("database").textOrNull(),
    owned: json.get("owned").count(),
    others: json.get("others").count(),
  };
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
    defaultAcls: json.get("defaultAcls").list().map(defaultAclOf),
    dependents: json.get("dependents").list().map(dependentsOf),
  };
}
