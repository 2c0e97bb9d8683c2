import assert from "node:assert/strict";
import { plan } from "../../../../core/access/planner/planner.ts";
import { describePlan } from "../../../../core/access/describe_plan.ts";
import type { Catalog } from "../../../../core/access/catalog.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import {
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

function hintOf(catalog: Catalog, wish: Wish): [string, string | undefined] {
  try {
    plan(catalog, wish);
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    return [message, hint];
  }
  throw new Error("not refused");
}

const TABLES = ["a", "b", "c", "d"].map((name) => object("table", name));

Deno.test("plan() suggests the nearest name for what does not exist", () => {
  const given = catalogWith([role("app"), group("owner1")], [], {
    objects: TABLES,
  });
  const wishes: readonly [Wish, string, string][] = [
    [
      grantWish("app", [{
        kind: "schema",
        schema: "pubic",
        privileges: "all",
      }]),
      'Schema "pubic" cannot be used: it does not exist',
      'Did you mean "public"?',
    ],
    [
      grantWish("app", [{
        kind: "table",
        schema: "public",
        names: [{ kind: "name", name: "A" }],
        privileges: "all",
      }]),
      'Table "A" cannot be used: it does not exist',
      'Did you mean "a"?',
    ],
    [
      grantWish("app", [{
        kind: "default",
        owner: "owner",
        schema: "public",
        objects: "table",
        privileges: "all",
      }]),
      'Owner "owner" cannot be used: it does not exist',
      'Did you mean "owner1"?',
    ],
    [
      grantWish("ap", [], { createUsers: false }),
      'User "ap" cannot be used: it does not exist',
      'Did you mean "app"?',
    ],
    [
      grantWish("app", [], { group: { name: "onwer1", create: false } }),
      'Group "onwer1" cannot be used: it does not exist',
      'Did you mean "owner1"?',
    ],
  ];
  for (const [wish, message, hint] of wishes) {
    assert.deepEqual(hintOf(given, wish), [message, hint]);
  }
});

Deno.test("plan() refuses groups that cannot be one", () => {
  const given = catalogWith(
    [role("app"), role("login"), group("iam_group"), group("below")],
    [member("iam_group", "rds_iam"), member("below", "app")],
  );
  const refused: readonly [string, RegExp][] = [
    ["app", /it is also one of the users$/],
    ["login", /it can log in, and a group is a NOLOGIN role$/],
    ["iam_group", /it is a member of rds_iam/],
    ["below", /it is itself a member of "app"$/],
    ["master", /it is the administrator/],
    ["rds_superuser", /RDS reserves the prefix "rds_"$/],
  ];
  for (const [name, message] of refused) {
    assert.throws(
      () =>
        plan(given, grantWish("app", [], { group: { name, create: true } })),
      { kind: "usage", message },
    );
  }
});

Deno.test("plan() needs rds_iam, or makes it when told to", () => {
  const stock = { ...catalog(), roles: [role("master", { createRole: true })] };
  assert.throws(() => plan(stock, grantWish("app")), {
    kind: "failed",
    message:
      "Granting rds_iam failed: the server has no such role, so it is not RDS or Aurora",
  });
  assert.deepEqual(lines(stock, grantWish("app", [], { createRdsIam: true })), [
    '+ create group role "rds_iam"',
    '+ create login role "app"',
    '+ grant role "rds_iam" to "app"',
  ]);
});

Deno.test("plan() refuses a privilege that the server does not know", () => {
  assert.throws(
    () =>
      plan(
        catalog({ objects: TABLES }),
        grantWish("app", [{
          kind: "table",
          schema: "public",
          names: "all",
          privileges: ["MAINTAIN"],
        }]),
      ),
    {
      kind: "usage",
      message:
        "Privilege MAINTAIN cannot be used: PostgreSQL 15 has none of this name on a table",
    },
  );
});
