import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  AclEntry,
  Catalog,
  SchemaObject,
} from "../../../../core/access/catalog.ts";
import { decodeCatalog } from "../../../../core/access/postgres/catalog_decode.ts";
import { anyCatalog } from "../arbitraries.ts";
import { catalog } from "../fixtures.ts";

function encodeAcl(acl: readonly AclEntry[]) {
  return acl.map(({ grantee, privilege, grantable, grantor }) => [
    grantee,
    privilege,
    grantable,
    grantor,
  ]);
}

function withAcl<T extends { readonly acl: readonly AclEntry[] }>(value: T) {
  return { ...value, acl: encodeAcl(value.acl) };
}

function encodeObject(object: SchemaObject) {
  return [
    object.kind,
    object.schema,
    object.name,
    object.owner,
    object.argumentTypes.map(({ schema, name }) => [schema, name]),
    object.extension,
    encodeAcl(object.acl),
    object.columns.map(({ column, ...entry }) => [
      column,
      ...encodeAcl([entry]).flat(),
    ]),
    object.definer,
  ];
}

/** What CATALOG_SQL gives for this catalog. */
function encode(given: Catalog) {
  return {
    ...given,
    database: withAcl(given.database),
    schemas: given.schemas.map(withAcl),
    defaultAcls: given.defaultAcls.map(withAcl),
    others: given.others.map(withAcl),
    shared: given.shared.map(withAcl),
    objects: given.objects.map(encodeObject),
    further: given.further.map(encodeObject),
  };
}

Deno.test("decodeCatalog() reads every catalog back", () => {
  fc.assert(
    fc.property(anyCatalog, (given) => {
      assert.deepEqual(
        decodeCatalog(JSON.stringify(encode(given))),
        // Without the null prototypes that fast-check gives now and then.
        JSON.parse(JSON.stringify(given)),
      );
    }),
  );
});

Deno.test("decodeCatalog() leaves out privileges it does not know", () => {
  const row = encode(catalog());
  const database = {
    ...row.database,
    acl: [[null, "TELEPORT", false, "master"]],
  };
  const found = decodeCatalog(JSON.stringify({ ...row, database }));
  assert.deepEqual(found.database.acl, []);
});

Deno.test("decodeCatalog() names the place that is wrong", () => {
  const wrong: readonly [unknown, string][] = [
    ["{", "the answer is not JSON"],
    [
      { ...encode(catalog()), serverVersion: "15" },
      "catalog.serverVersion is not a count",
    ],
    [
      { ...encode(catalog()), roles: [{ name: 1 }] },
      "catalog.roles[0].name is not text",
    ],
    [
      { ...encode(catalog()), objects: [["index"]] },
      "catalog.objects[0][0] is not one of table, sequence, function",
    ],
    [{ ...encode(catalog()), schemas: {} }, "catalog.schemas is not a list"],
    [[], "catalog is not an object"],
  ];
  for (const [value, why] of wrong) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    assert.throws(() => decodeCatalog(text), {
      kind: "failed",
      message: `Reading the catalog failed: ${why}`,
    });
  }
});
