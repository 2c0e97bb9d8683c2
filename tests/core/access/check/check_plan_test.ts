import assert from "node:assert/strict";
import type { Catalog } from "../../../../core/access/catalog.ts";
import { checkPlan } from "../../../../core/access/check/check_plan.ts";
import { missingPermissions } from "../../../../core/access/check/permission.ts";
import { plan } from "../../../../core/access/planner/planner.ts";
import {
  futurePrivileges,
  publicCrud,
} from "../../../../core/access/preset.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import {
  acl,
  ADMIN_ONLY,
  catalog,
  catalogWith,
  grantWish,
  group,
  member,
  object,
  owned,
  revokeWish,
  role,
  schema,
} from "../fixtures.ts";

function missing(given: Catalog, wish: Wish) {
  return missingPermissions(given, plan(given, wish));
}

/** The same catalog, seen by an administrator with CREATEROLE and nothing else. */
function asOther(given: Catalog, createRole = true): Catalog {
  return {
    ...given,
    roles: [...given.roles, role("other", { createRole })],
    currentUser: "other",
    sessionUser: "other",
  };
}

Deno.test("missingPermissions() is empty for the master user of RDS", () => {
  for (const serverVersion of [120022, 150018, 160004, 180004]) {
    const given = catalog({ serverVersion, objects: [object("table", "a")] });
    assert.deepEqual(missing(given, grantWish("app", publicCrud())), []);
  }
});

Deno.test("missingPermissions() names CREATEROLE and who has it", () => {
  assert.deepEqual(missing(asOther(catalog(), false), grantWish("app")), [
    {
      message: 'Creating role "app" failed: "other" lacks CREATEROLE',
      hint: 'Log in as a role that has it: "master"',
    },
    {
      message:
        'Granting "rds_iam" failed: "other" has no ADMIN OPTION on "rds_iam"',
      hint: 'Log in as "master"',
    },
  ]);
});

Deno.test("missingPermissions() wants the ADMIN OPTION on rds_iam since PostgreSQL 16", () => {
  assert.deepEqual(missing(asOther(catalog()), grantWish("app")), []);
  const sixteen = asOther(catalog({ serverVersion: 160004 }));
  assert.deepEqual(missing(sixteen, grantWish("app")), [{
    message:
      'Granting "rds_iam" failed: "other" has no ADMIN OPTION on "rds_iam"',
    // Not the option itself: it would make the administrator a member.
    hint: 'Log in as "master"',
  }]);
  const allowed = {
    ...sixteen,
    memberships: [member("other", "rds_iam", ADMIN_ONLY)],
  };
  assert.deepEqual(missing(allowed, grantWish("app")), []);
});

Deno.test("missingPermissions() says who could grant a group", () => {
  const given = asOther(catalogWith(
    [role("app"), group("readers"), role("boss")],
    [member("boss", "readers", ADMIN_ONLY)],
    { serverVersion: 160004 },
  ));
  assert.deepEqual(
    missing(
      given,
      grantWish("app", [], {
        iam: false,
        group: { name: "readers", create: false },
      }),
    ),
    [{
      message:
        'Granting "readers" failed: "other" has no ADMIN OPTION on "readers"',
      hint:
        'Let "boss", "master" run: GRANT "readers" TO "other" WITH ADMIN OPTION',
    }],
  );
});

Deno.test("missingPermissions() names the owner whose grant is needed", () => {
  const objects = ["a", "b", "c", "d"].map((name) =>
    object("table", name, { owner: "owner1" })
  );
  const given = catalogWith(
    [role("app"), group("owner1"), role("dba")],
    [member("dba", "owner1")],
    { objects },
  );
  const tables = publicCrud().filter(({ kind }) => kind === "table");
  assert.deepEqual(missing(given, grantWish("app", tables, { iam: false })), [{
    message:
      'Granting SELECT, INSERT, UPDATE, DELETE on table "a", "b", "c" and 1 more failed: "master" does not act for "owner1", the owner, and has no grant option',
    hint: 'Log in as "dba", or have it granted: GRANT "owner1" TO "master"',
  }]);
});

Deno.test("missingPermissions() takes grant options and NOINHERIT as PostgreSQL does", () => {
  const tables = publicCrud().filter(({ kind }) => kind === "table");
  const options = acl(
    "master",
    ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "owner1",
    true,
  );
  const objects = [object("table", "a", { owner: "owner1", acl: options })];
  const roles = [role("app"), group("owner1")];
  const wish = grantWish("app", tables, { iam: false });
  assert.deepEqual(missing(catalogWith(roles, [], { objects }), wish), []);
  const noInherit = catalogWith(
    roles,
    [member("master", "owner1", { inherit: false })],
    { objects: [object("table", "a", { owner: "owner1" })] },
  );
  assert.equal(missing(noInherit, wish).length, 1);
  const future = grantWish("app", futurePrivileges(tables, ["owner1"]), {
    iam: false,
  });
  assert.equal(missing(noInherit, future).length, 0);
  assert.equal(
    missing({ ...noInherit, serverVersion: 160004 }, future).length,
    1,
  );
});

Deno.test("missingPermissions() does not propose to join a role in rds_iam", () => {
  const given = catalogWith(
    [role("app"), group("owner1")],
    [member("owner1", "rds_iam")],
  );
  const future = futurePrivileges(publicCrud(), ["owner1"]);
  assert.deepEqual(
    missing(given, grantWish("app", future, { iam: false })),
    [{
      message:
        'Changing default privileges of "owner1" failed: "master" is no member of "owner1"',
      hint: "Let a superuser do it",
    }],
  );
});

Deno.test("missingPermissions() wants USAGE on the schema", () => {
  const given = catalogWith([role("app")], [], {
    schemas: [schema("audit", { owner: "boss", usable: false })],
    objects: [object("table", "a", { schema: "audit" })],
  });
  const wish = grantWish("app", [{
    kind: "table",
    schema: "audit",
    names: "all",
    privileges: ["SELECT"],
  }], { iam: false });
  assert.deepEqual(missing(given, wish), [{
    message: 'Granting SELECT failed: "master" has no USAGE on schema "audit"',
    hint: 'Let "boss" run: GRANT USAGE ON SCHEMA "audit" TO "master"',
  }]);
});

Deno.test("missingPermissions() wants USAGE on the schema of whom a grant is taken back for", () => {
  const given = catalogWith([role("app"), group("boss")], [
    member("master", "boss", { inherit: false }),
  ], {
    schemas: [schema("audit", { owner: "master", acl: [] })],
    objects: [object("table", "a", {
      schema: "audit",
      acl: [
        ...acl("boss", ["SELECT"], "master", true),
        ...acl("app", ["SELECT"], "boss"),
      ],
    })],
  });
  const wish = revokeWish("app", [{
    kind: "table",
    schema: "audit",
    names: "all",
    privileges: ["SELECT"],
  }]);
  assert.deepEqual(missing(given, wish), [{
    message: 'Revoking SELECT failed: "boss" has no USAGE on schema "audit"',
    hint: 'Let "master" run: GRANT USAGE ON SCHEMA "audit" TO "boss"',
  }]);
});

Deno.test("missingPermissions() wants CREATE on the schema for the new owner, of functions alone where all is handed over", () => {
  const wish = revokeWish("app", [], {
    remove: { reassignTo: "heir", dropRole: false },
  });
  const needs = (
    kind: "table" | "function",
    shared: boolean,
    creates: boolean,
  ) => {
    const privileges = creates ? ["USAGE", "CREATE"] as const : [];
    const given = catalogWith([role("app"), role("heir")], [
      member("master", "heir"),
    ], {
      schemas: [
        schema("audit", {
          owner: "boss",
          acl: acl("heir", privileges, "boss"),
        }),
      ],
      objects: [object(kind, "a", { schema: "audit", owner: "app" })],
      owned: [
        owned("app", { type: kind, identity: "audit.a" }),
        ...shared
          ? [owned("app", { type: "database", identity: "x", shared })]
          : [],
      ],
    });
    return missing(given, wish);
  };
  const refused = [{
    message:
      'Reassigning to "heir" failed: "heir" has no CREATE on schema "audit"',
    hint: 'Let "boss" run: GRANT CREATE ON SCHEMA "audit" TO "heir"',
  }];
  assert.deepEqual(needs("function", false, false), refused);
  assert.deepEqual(needs("function", false, true), []);
  assert.deepEqual(needs("table", false, false), []);
  assert.deepEqual(needs("table", true, false), refused);
  assert.deepEqual(needs("table", true, true), []);
});

Deno.test("missingPermissions() says whose membership grant cannot be taken back", () => {
  const given = asOther(catalogWith(
    [role("app")],
    [
      member("app", "rds_iam", { grantor: "boss" }),
      member("other", "rds_iam", ADMIN_ONLY),
    ],
    { serverVersion: 160004 },
  ));
  assert.deepEqual(missing(given, revokeWish("app", [], { iam: true })), [{
    message:
      'Revoking "rds_iam" failed: "other" does not act for "boss", who granted it',
    hint: 'Log in as "boss" or as a member of it',
  }]);
});

Deno.test("checkPlan() refuses, lets force through, and never locks the administrator out", () => {
  const used = catalogWith([role("app", { sessions: 1 })]);
  const ofUsed = plan(used, grantWish("app"));
  assert.throws(() => checkPlan(used, ofUsed), {
    kind: "usage",
    message:
      'Granting rds_iam was refused: "app" has an open session that a password opened, and its password would stop working',
  });
  assert.equal(checkPlan(used, ofUsed, { force: true }).lockouts.length, 1);
  const own = plan(catalog(), grantWish("master"));
  assert.throws(() => checkPlan(catalog(), own, { force: true }), {
    kind: "usage",
    message: /"master", who is logged in, would become a member of it/,
  });
});

Deno.test("checkPlan() needs no rights where nothing changes", () => {
  const given = asOther(
    catalogWith([role("app")], [member("app", "rds_iam")]),
    false,
  );
  assert.deepEqual(checkPlan(given, plan(given, grantWish("app"))), {
    lockouts: [],
    losses: [],
  });
});
