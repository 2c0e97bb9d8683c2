import assert from "node:assert/strict";
import { plan } from "../../../../core/access/planner/planner.ts";
import { describePlan } from "../../../../core/access/describe_plan.ts";
import type { Catalog } from "../../../../core/access/catalog.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import { publicCrud } from "../../../../core/access/preset.ts";
import {
  acl,
  ADMIN_ONLY,
  catalog,
  catalogWith,
  grantWish,
  group,
  member,
  object,
  role,
} from "../fixtures.ts";

function lines(catalog: Catalog, wish: Wish): readonly string[] {
  return describePlan(plan(catalog, wish)).map(({ sign, text }) =>
    `${sign} ${text}`
  );
}

const TABLES = ["a", "b", "c", "d"].map((name) => object("table", name));

Deno.test("plan() creates what is missing, in order", () => {
  assert.deepEqual(
    lines(
      catalog({ objects: TABLES }),
      grantWish("jane.doe@example.com", publicCrud(), {
        group: { name: "app_rw", create: true },
      }),
    ),
    [
      '+ create group role "app_rw"',
      '+ create login role "jane.doe@example.com"',
      '+ grant role "app_rw" to "jane.doe@example.com"',
      '+ grant USAGE on schema "public" to "app_rw"',
      '+ grant SELECT, INSERT, UPDATE, DELETE on all 4 tables in schema "public" to "app_rw"',
      '+ grant role "rds_iam" to "jane.doe@example.com"',
    ],
  );
});

Deno.test("plan() repairs the drift of one table and leaves the others", () => {
  const held = acl("app", ["SELECT", "INSERT", "UPDATE", "DELETE"], "master");
  const objects = TABLES.map((table) =>
    table.name === "b"
      ? { ...table, acl: acl("app", ["SELECT"], "master") }
      : { ...table, acl: held }
  );
  const privileges = publicCrud().filter(({ kind }) => kind === "table");
  assert.deepEqual(
    lines(
      catalogWith([role("app")], [], { objects }),
      grantWish("app", privileges, { iam: false, createUsers: false }),
    ),
    [
      '= already granted: SELECT, INSERT, UPDATE, DELETE on tables "a", "c", "d" in schema "public" to "app"',
      '= already granted: SELECT on table "b" in schema "public" to "app"',
      '+ grant INSERT, UPDATE, DELETE on table "b" in schema "public" to "app"',
    ],
  );
});

Deno.test("plan() grants on one named table alone although it is the only one", () => {
  const found = plan(
    catalogWith([role("app")], [], { objects: [object("table", "a")] }),
    grantWish("app", [{
      kind: "table",
      schema: "public",
      names: [{ kind: "name", name: "a" }],
      privileges: ["SELECT"],
    }], { iam: false }),
  );
  assert.deepEqual(found.steps.map((step) => "on" in step && step.on), [{
    kind: "table",
    schema: "public",
    objects: [{ name: "a", argumentTypes: [] }],
    count: 1,
  }]);
});

Deno.test("plan() counts PUBLIC for CONNECT and functions, not for tables", () => {
  const objects = [
    object("table", "a", { acl: acl(null, ["SELECT"], "master") }),
    object("function", "f", { acl: acl(null, ["EXECUTE"], "master") }),
  ];
  assert.deepEqual(
    lines(
      catalogWith([role("app")], [], { objects }),
      grantWish("app", [
        { kind: "database", privileges: ["CONNECT"] },
        {
          kind: "table",
          schema: "public",
          names: "all",
          privileges: ["SELECT"],
        },
        { kind: "function", schema: "public", names: "all", privileges: "all" },
      ], { iam: false, createUsers: false }),
    ),
    [
      '= already granted: CONNECT on database "app" to "app" (through PUBLIC)',
      '= already granted: EXECUTE on the only function in schema "public" to "app" (through PUBLIC)',
      '+ grant SELECT on the only table in schema "public" to "app"',
    ],
  );
});

Deno.test("plan() leaves out what an extension owns and the administrator may not grant", () => {
  const objects = [
    object("table", "spatial_ref_sys", {
      owner: "rdsadmin",
      extension: true,
      acl: acl(null, ["SELECT"], "rdsadmin"),
    }),
    object("table", "orders"),
  ];
  const found = plan(
    catalogWith([role("app")], [], { objects }),
    grantWish(
      "app",
      publicCrud().filter(({ kind }) => kind === "table"),
      { iam: false },
    ),
  );
  assert.deepEqual(found.notices, [{
    kind: "skipped-extension",
    message:
      'Left out table "spatial_ref_sys": it belongs to an extension, and only its owner "rdsadmin" may grant on it',
  }]);
  assert.deepEqual(
    found.steps.map((step) =>
      "on" in step && "objects" in step.on && step.on.objects
    ),
    [[{ name: "orders", argumentTypes: [] }]],
  );
});

Deno.test("plan() takes membership with the ADMIN option alone for none", () => {
  const given = catalogWith(
    [role("app"), group("readers")],
    [
      member("app", "rds_iam", ADMIN_ONLY),
      member("app", "readers", { inherit: false }),
    ],
    { serverVersion: 160004 },
  );
  assert.deepEqual(
    lines(
      given,
      grantWish("app", [], { group: { name: "readers", create: false } }),
    ),
    [
      '= already there: role "readers"',
      '= already there: role "app"',
      '+ grant role "readers" to "app"',
      '+ grant role "rds_iam" to "app"',
    ],
  );
});

Deno.test("plan() says when rds_iam comes through another role", () => {
  const given = catalogWith(
    [role("app"), group("iam_users")],
    [member("app", "iam_users"), member("iam_users", "rds_iam")],
  );
  assert.deepEqual(lines(given, grantWish("app")), [
    '= already there: role "app"',
    '= already granted: role "rds_iam" to "app" (through "iam_users")',
  ]);
});

Deno.test("plan() tells what a person may not expect", () => {
  const notices = (given: Catalog, wish: Wish) =>
    plan(given, wish).notices.map(({ kind }) => kind);
  assert.deepEqual(notices(catalog(), grantWish("app", publicCrud())), [
    "nothing-there",
  ]);
  assert.deepEqual(notices(catalogWith([role("App")]), grantWish("app")), [
    "similar-role",
  ]);
  assert.deepEqual(
    notices(
      catalogWith([role("app", { inherit: false }), group("g")]),
      grantWish("app", [], { group: { name: "g", create: false } }),
    ),
    ["not-inherited"],
  );
  assert.deepEqual(
    notices(
      catalog({ objects: TABLES }),
      grantWish("app", [{
        kind: "table",
        schema: "public",
        names: [{ kind: "pattern", pattern: "x*" }],
        privileges: "all",
      }]),
    ),
    ["no-match"],
  );
});
