import assert from "node:assert/strict";
import type { Catalog } from "../../../../core/access/catalog.ts";
import { plan } from "../../../../core/access/planner/planner.ts";
import { publicCrud } from "../../../../core/access/preset.ts";
import { statementsOf } from "../../../../core/access/postgres/statements.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import {
  acl,
  ADMIN_ONLY,
  catalog,
  catalogWith,
  group,
  member,
  object,
  owned,
  revokeWish,
  role,
} from "../fixtures.ts";

function sql(catalog: Catalog, wish: Wish): readonly string[] {
  return statementsOf(plan(catalog, wish)).map((statement) => statement.sql);
}

const DROP = { reassignTo: null, dropRole: true };

Deno.test("plan() takes back exactly what is held, from whoever granted it", () => {
  const objects = [
    object("table", "a", {
      acl: [
        ...acl("app", ["SELECT", "TRUNCATE"], "master"),
        ...acl("app", ["SELECT"], "owner1"),
      ],
    }),
    object("table", "b"),
  ];
  assert.deepEqual(
    sql(
      catalogWith([role("app"), group("owner1")], [], { objects }),
      revokeWish("app", publicCrud()),
    ),
    [
      'REVOKE SELECT ON TABLE "public"."a" FROM "app"',
      'SET LOCAL ROLE "owner1"',
      'REVOKE SELECT ON TABLE "public"."a" FROM "app"',
      "RESET ROLE",
    ],
  );
});

Deno.test("plan() drops no role that is gone, and names one that may have been meant", () => {
  const wish = { ...revokeWish("apps"), remove: DROP };
  const { steps, notices } = plan(catalogWith([role("app")], [], {}), wish);
  assert.deepEqual(steps, []);
  assert.deepEqual(notices, [{
    kind: "similar-role",
    message: 'There is no role "apps", but there is "app"',
  }]);
});

Deno.test("plan() tells what PUBLIC and ownership keep", () => {
  const objects = [object("table", "a", { owner: "app" })];
  assert.deepEqual(
    plan(
      catalogWith([role("app")], [], { objects }),
      revokeWish("app", publicCrud()),
    ).notices.map(({ message }) => message),
    [
      '"app" keeps USAGE on schema "public" through PUBLIC',
      '"app" keeps its privileges on table "a": it is the owner',
    ],
  );
});

Deno.test("plan() ends a membership once for each grantor since PostgreSQL 16", () => {
  const memberships = [
    member("app", "rds_iam", { grantor: "rdsadmin" }),
    member("app", "rds_iam", { grantor: "master", ...ADMIN_ONLY }),
  ];
  const wish = revokeWish("app", [], { iam: true });
  assert.deepEqual(
    sql(
      catalogWith([role("app")], memberships, { serverVersion: 160004 }),
      wish,
    ),
    [
      'REVOKE "rds_iam" FROM "app" GRANTED BY "rdsadmin"',
      'REVOKE "rds_iam" FROM "app" GRANTED BY "master"',
    ],
  );
  assert.deepEqual(
    sql(catalogWith([role("app")], memberships.slice(0, 1)), wish),
    ['REVOKE "rds_iam" FROM "app"'],
  );
});

Deno.test("plan() says when a user stays in rds_iam through another role", () => {
  const given = catalogWith(
    [role("app"), group("iam_users")],
    [
      member("app", "rds_iam"),
      member("app", "iam_users"),
      member("iam_users", "rds_iam"),
    ],
  );
  assert.deepEqual(
    plan(given, revokeWish("app", [], { iam: true })).notices,
    [{
      kind: "still-member",
      message: '"app" stays a member of "rds_iam" through another role',
    }],
  );
});

Deno.test("plan() reassigns and drops in that order", () => {
  const given = catalogWith([role("app", { sessions: 1 })], [], {
    serverVersion: 160004,
    owned: [owned("app")],
  });
  const found = plan(given, revokeWish("app", publicCrud(), { remove: DROP }));
  assert.deepEqual(statementsOf(found).map((statement) => statement.sql), [
    'GRANT "app" TO "master" WITH INHERIT TRUE',
    'REASSIGN OWNED BY "app" TO "master"',
    'DROP ROLE "app"',
  ]);
  assert.deepEqual(found.notices.map(({ kind }) => kind), ["open-sessions"]);
});

Deno.test("plan() only drops a role that nothing depends on", () => {
  assert.deepEqual(
    sql(catalogWith([role("app")]), revokeWish("app", [], { remove: DROP })),
    ['DROP ROLE "app"'],
  );
});

Deno.test("plan() refuses to drop what is in use elsewhere or logged in", () => {
  const given = catalogWith([role("app")], [], {
    dependents: [{
      role: "app",
      database: "billing",
      owned: 1,
      privileges: 0,
      policies: 0,
    }],
  });
  assert.throws(
    () => plan(given, revokeWish("app", [], { remove: DROP })),
    {
      kind: "failed",
      message:
        'Dropping role "app" failed: it is in use in database "billing" (1 owned object)',
    },
  );
  assert.throws(
    () => plan(catalog(), revokeWish("master", [], { remove: DROP })),
    { kind: "usage", message: /it is the role that is logged in$/ },
  );
});

Deno.test("plan() finds a dropped role gone, and a misspelt one missing", () => {
  const given = catalogWith([role("app")]);
  assert.deepEqual(
    sql(given, revokeWish("gone", [], { remove: DROP })),
    [],
  );
  assert.throws(() => plan(given, revokeWish("ap")), {
    kind: "usage",
    message: 'User "ap" cannot be used: it does not exist',
    hint: 'Did you mean "app"?',
  });
});
