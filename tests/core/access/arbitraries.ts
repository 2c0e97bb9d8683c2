import fc from "fast-check";
import type {
  AclEntry,
  Catalog,
  DefaultAcl,
  Membership,
  Role,
  Schema,
  SchemaObject,
} from "../../../core/access/catalog.ts";
import { nameProblem } from "../../../core/access/identifier.ts";
import {
  type ObjectKind,
  OTHER_KINDS,
  privilegesOf,
  type SchemaObjectKind,
} from "../../../core/access/privilege.ts";
import { group, role } from "./fixtures.ts";
import { anyCharacter } from "../../any_character.ts";

/** Names that have hurt somebody. */
export const NASTY = [
  'x"; DROP TABLE users; --',
  'a"b',
  '""',
  "'; SELECT 1; '",
  "$$x$$",
  "/* c */",
  "-- c",
  "a\nb",
  "back\\slash",
  "jane.doe@example.com",
  "Ops-Team",
  "with space",
  "日本語",
  "🦕",
  "select",
  "a*b",
];

/** Any name that an identifier can be. */
export const anyName = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: anyCharacter, maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 15 }),
).filter((name) => nameProblem(name) === undefined);

const LOGINS = ["master", "app", "jane.doe@example.com", "App"];
const GROUPS = ["readers", 'we"ird', "owner1", "rds_iam"];
const ROLES = [...LOGINS, ...GROUPS];
/** The schemas of every catalog. */
export const SCHEMAS = ["public", "audit"];
/** What a schema holds. */
export const KINDS: readonly SchemaObjectKind[] = [
  "table",
  "sequence",
  "function",
];
const VERSIONS = [120022, 150018, 160004, 180004];

function roleArbitrary(name: string): fc.Arbitrary<Role> {
  return fc.record({
    superuser: fc.constant(false),
    createRole: fc.constant(name === "master"),
    inherit: fc.boolean(),
    passwordExpired: fc.boolean(),
    sessions: fc.nat(2),
  }).map((other) =>
    LOGINS.includes(name) ? role(name, other) : group(name, other)
  );
}

/** Members stand before their roles in the list, so there is no circle. */
function membershipsArbitrary(
  roles: readonly Role[],
  version: number,
): fc.Arbitrary<readonly Membership[]> {
  const edge = fc.tuple(
    fc.nat(ROLES.length - 2),
    fc.nat(ROLES.length - 1),
    fc.constantFrom("master", "rdsadmin"),
    fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  ).filter(([member, of]) => member < of);
  return fc.uniqueArray(edge, {
    maxLength: 6,
    selector: ([member, of, grantor]) =>
      version >= 160000 ? `${member} ${of} ${grantor}` : `${member} ${of}`,
  }).map((edges) =>
    edges.map(([member, of, grantor, [admin, inherit, set]]) => {
      const name = ROLES[member] ?? "";
      const inherits = roles.find((each) => each.name === name)?.inherit;
      return {
        role: ROLES[of] ?? "",
        member: name,
        grantor,
        admin,
        inherit: version >= 160000 ? inherit : inherits ?? true,
        set: version >= 160000 ? set : true,
      };
    })
  );
}

function aclArbitrary(kind: ObjectKind): fc.Arbitrary<readonly AclEntry[]> {
  return fc.array(
    fc.record({
      // Nobody grants anything to rds_iam.
      grantee: fc.constantFrom(null, ...ROLES.slice(0, -1)),
      privilege: fc.constantFrom(...privilegesOf(kind, 120000)),
      grantable: fc.boolean(),
      grantor: fc.constantFrom("master", "owner1", "app"),
    }),
    { maxLength: 8 },
  );
}

/** Who owns what. */
export const ownerArbitrary = fc.constantFrom("master", "owner1", "app");

const schemasArbitrary: fc.Arbitrary<readonly Schema[]> = fc.tuple(
  ...SCHEMAS.map((name) =>
    fc.record({
      kind: fc.constant("schema" as const),
      name: fc.constant(name),
      owner: ownerArbitrary,
      usable: fc.constant(true),
      acl: aclArbitrary("schema"),
    })
  ),
);

function objectArbitrary(kind: SchemaObjectKind): fc.Arbitrary<SchemaObject> {
  return fc.record({
    kind: fc.constant(kind),
    schema: fc.constantFrom(...SCHEMAS),
    name: fc.constantFrom("orders", "Orders", 'it"ems', "a b", "x"),
    owner: ownerArbitrary,
    argumentTypes: kind === "function"
      ? fc.subarray([
        { schema: "pg_catalog", name: "int4" },
        { schema: "public", name: 'ty"pe' },
      ])
      : fc.constant([]),
    extension: fc.boolean(),
    acl: aclArbitrary(kind),
    definer: kind === "function" ? fc.boolean() : fc.constant(false),
    columns: kind === "table"
      ? aclArbitrary(kind).map((entries) =>
        entries.slice(0, 2).map((entry) => ({ ...entry, column: 'co"l' }))
      )
      : fc.constant([]),
  });
}

const objectsArbitrary: fc.Arbitrary<readonly SchemaObject[]> = fc.uniqueArray(
  fc.oneof(...KINDS.map(objectArbitrary)),
  {
    maxLength: 12,
    selector: ({ kind, schema, name, argumentTypes }) =>
      JSON.stringify([kind, schema, name, argumentTypes]),
  },
);

const defaultAclsArbitrary: fc.Arbitrary<readonly DefaultAcl[]> = fc
  .uniqueArray(
    fc.constantFrom(...KINDS).chain((objects) =>
      fc.record({
        owner: ownerArbitrary,
        schema: fc.constantFrom(null, ...SCHEMAS),
        objects: fc.constant(objects),
        acl: aclArbitrary(objects),
      })
    ),
    {
      maxLength: 5,
      selector: ({ owner, schema, objects }) =>
        JSON.stringify([owner, schema, objects]),
    },
  );

/** Any small catalog. The current role is a master user, or now and then a superuser. */
export const anyCatalog: fc.Arbitrary<Catalog> = fc.tuple(
  fc.constantFrom(...VERSIONS),
  fc.tuple(...ROLES.map(roleArbitrary)),
  fc.boolean(),
).chain(([serverVersion, made, superuser]) => {
  const roles = made.map((each) =>
    each.name === "master" ? { ...each, superuser } : each
  );
  return fc.record({
    serverVersion: fc.constant(serverVersion),
    sessionUser: fc.constant("master"),
    currentUser: fc.constant("master"),
    roles: fc.constant(roles),
    memberships: membershipsArbitrary(roles, serverVersion),
    database: fc.record({
      kind: fc.constant("database" as const),
      name: fc.constant("app"),
      owner: ownerArbitrary,
      acl: aclArbitrary("database"),
    }),
    schemas: schemasArbitrary,
    objects: objectsArbitrary,
    further: fc.constant([]),
    others: fc.array(
      fc.record({
        kind: fc.constantFrom(...OTHER_KINDS),
        schema: fc.constantFrom(null, ...SCHEMAS),
        name: fc.constantFrom("4711", "12"),
        owner: ownerArbitrary,
        acl: fc.constant([]),
      }),
      { maxLength: 2 },
    ),
    shared: fc.record({
      kind: fc.constant("database" as const),
      name: fc.constant("billing"),
      owner: ownerArbitrary,
      acl: aclArbitrary("database"),
    }).map((other) => [other]),
    defaultAcls: defaultAclsArbitrary,
    views: fc.constant([{
      schema: "public",
      name: "orders",
      below: [{
        schema: "audit",
        name: "x",
        columns: ['co"l'],
        rowSecurity: true,
      }],
    }]),
    policies: fc.subarray([{
      schema: "public",
      table: "orders",
      owner: "master",
      name: 'po"licy',
      roles: ["App", "app"],
    }]),
    owned: fc.subarray([
      {
        role: "app",
        type: "table",
        identity: 'public."a b"',
        shared: false,
        follows: false,
      },
      {
        role: "app",
        type: "database",
        identity: "billing",
        shared: true,
        follows: false,
      },
    ]),
    userMappings: fc.subarray([{
      role: "App",
      server: 'ser"ver',
      owner: "owner1",
      usable: true,
    }]),
    leftovers: fc.constant([]),
    dependents: fc.subarray([
      {
        role: "jane.doe@example.com",
        database: "billing",
        owned: 0,
        privileges: 3,
        policies: 0,
      },
    ]),
  });
});
