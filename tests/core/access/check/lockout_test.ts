import assert from "node:assert/strict";
import type {
  Catalog,
  Membership,
  Role,
} from "../../../../core/access/catalog.ts";
import { lockoutsOf } from "../../../../core/access/check/lockout.ts";
import { plan } from "../../../../core/access/planner/planner.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import {
  ADMIN_ONLY,
  catalog,
  catalogWith,
  grantWish,
  group,
  member,
  owned,
  revokeWish,
  role,
} from "../fixtures.ts";

function found(given: Catalog, wish: Wish = grantWish("app")) {
  return lockoutsOf(given, plan(given, wish)).map((each) =>
    `${each.severity} ${each.kind} ${each.roles.join(" ")}`
  );
}

function given(
  roles: readonly Role[],
  memberships: readonly Membership[] = [],
  serverVersion = 150018,
): Catalog {
  return catalogWith(roles, memberships, { serverVersion });
}

Deno.test("lockoutsOf() is empty for a new user", () => {
  assert.deepEqual(found(catalog()), []);
});

Deno.test("lockoutsOf() refuses rds_iam for the role that is logged in", () => {
  assert.deepEqual(found(catalog(), grantWish("master")), [
    "refuse administrator master",
  ]);
});

Deno.test("lockoutsOf() refuses what the administrator inherits, nested and NOINHERIT", () => {
  const app = role("app", { passwordExpired: true });
  assert.deepEqual(found(given([app], [member("master", "app")])), [
    "refuse administrator master",
  ]);
  assert.deepEqual(
    found(
      given([app, group("mid")], [
        member("master", "mid", { inherit: false }),
        member("mid", "app"),
      ]),
    ),
    ["refuse administrator master"],
  );
});

Deno.test("lockoutsOf() follows INHERIT and SET of PostgreSQL 16, and only warns of ADMIN", () => {
  const app = role("app", { passwordExpired: true });
  const cases: readonly [Partial<Membership>, readonly string[]][] = [
    [{ inherit: true, set: false }, ["refuse administrator master"]],
    [{ inherit: false, set: true }, ["refuse administrator master"]],
    [ADMIN_ONLY, ["warn administrator-admin-option master"]],
    [{ admin: true, inherit: false, set: true }, [
      "refuse administrator master",
    ]],
  ];
  for (const [options, expected] of cases) {
    assert.deepEqual(
      found(given([app], [member("master", "app", options)], 160004)),
      expected,
    );
  }
});

Deno.test("lockoutsOf() knows the membership that creating a role brings", () => {
  assert.deepEqual(found(catalog({ serverVersion: 160004 })), [
    "warn administrator-admin-option master",
  ]);
  const superuser = {
    ...catalog({ serverVersion: 160004 }),
    roles: [role("master", { superuser: true }), group("rds_iam")],
  };
  assert.deepEqual(found(superuser), []);
});

Deno.test("lockoutsOf() names every other login role that loses its password", () => {
  const roles = [
    role("app", { passwordExpired: true }),
    role("worker"),
    role("cron"),
    role("auditor"),
    group("team"),
  ];
  const memberships = [
    member("worker", "app"),
    member("team", "app"),
    member("cron", "team"),
    member("auditor", "app", ADMIN_ONLY),
  ];
  assert.deepEqual(found(given(roles, memberships, 160004)), [
    "force members cron worker",
    "warn members-admin-option auditor",
  ]);
  const [lockout] = lockoutsOf(
    given(roles, memberships, 160004),
    plan(given(roles, memberships, 160004), grantWish("app")),
  );
  assert.equal(
    lockout?.message,
    'Granting rds_iam was refused: it reaches "cron", "worker" through membership, and their passwords would stop working',
  );
});

Deno.test("lockoutsOf() refuses a password in use, warns of one that may be", () => {
  assert.deepEqual(found(given([role("app", { sessions: 2 })])), [
    "force password-in-use app",
  ]);
  assert.deepEqual(found(given([role("app")])), ["warn password-unknown app"]);
  assert.deepEqual(
    found(given([role("app", { sessions: 2, passwordExpired: true })])),
    [],
  );
  assert.deepEqual(found(given([group("app")])), []);
});

Deno.test("lockoutsOf() has nothing to say of a role that is in rds_iam already", () => {
  const memberships = [member("app", "rds_iam"), member("worker", "app")];
  assert.deepEqual(
    found(given([role("app", { sessions: 1 }), role("worker")], memberships)),
    [],
  );
});

Deno.test("lockoutsOf() sees an administrator who logged in with a token", () => {
  const admin = given([], [member("master", "rds_iam")]);
  assert.deepEqual(found(admin), []);
  assert.deepEqual(found(admin, revokeWish("master", [], { iam: true })), [
    "force administrator-token master",
  ]);
});

Deno.test("lockoutsOf() allows the membership that lasts for a removal", () => {
  const admin = catalogWith([role("app")], [member("app", "rds_iam")], {
    owned: [owned("app")],
  });
  for (const dropRole of [true, false]) {
    assert.deepEqual(
      found(
        admin,
        revokeWish("app", [], { remove: { reassignTo: null, dropRole } }),
      ),
      [],
    );
  }
});
