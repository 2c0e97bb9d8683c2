import assert from "node:assert/strict";
import { LoginFailure } from "../../../services/proxy/login_failure.ts";
import {
  chooseRoute,
  upstreamParameters,
} from "../../../services/proxy/route.ts";
import { fakeTarget } from "../../fakes.ts";

const ORDERS = { name: "orders", target: fakeTarget() };
const BILLING = {
  name: "billing",
  target: fakeTarget({ username: "biller", database: "bills" }),
};
const SHARED = {
  targets: [ORDERS, BILLING, { ...BILLING, name: "x@orders" }],
  isShared: true,
  needsPassword: true,
};
const OWN = { ...SHARED, targets: [ORDERS], isShared: false };

/** Who a client becomes, and where. */
function route(
  listener: typeof SHARED,
  parameters: Record<string, string>,
  anyUser = false,
) {
  const { name, target } = chooseRoute(
    listener,
    new Map(Object.entries(parameters)),
    anyUser,
  );
  return `${target.username} at ${name} to ${target.database}`;
}

Deno.test("chooseRoute() takes the target's user, and the client's database", () => {
  assert.equal(
    route(OWN, { user: "me", database: "sales" }),
    "app at orders to sales",
  );
});

Deno.test("chooseRoute() takes the target's database where the client names none, or libpq its user's name", () => {
  for (
    const parameters of [{ user: "me" }, { user: "me", database: "me" }, {
      user: "me",
      database: "",
    }]
  ) assert.equal(route(OWN, parameters), "app at orders to orders");
  // As directly: whoever is the target's user may mean the database of that name.
  assert.equal(
    route(OWN, { user: "app", database: "app" }),
    "app at orders to app",
  );
});

Deno.test("chooseRoute() reads DB@TARGET where there is one target, too", () => {
  assert.equal(
    route(OWN, { user: "me", database: "sales@orders" }),
    "app at orders to sales",
  );
  assert.equal(
    route(OWN, { user: "me", database: "sales@other" }),
    "app at orders to sales@other",
  );
  // A database may have its target's name.
  assert.equal(
    route(OWN, { user: "me", database: "orders" }),
    "app at orders to orders",
  );
});

Deno.test("chooseRoute() refuses a name that no token can be signed for", () => {
  assert.throws(
    () => route(OWN, { user: "caf\udce9", database: "x" }, true),
    /the user's name is not UTF-8/,
  );
});

Deno.test("chooseRoute() takes the client's user where that is allowed", () => {
  assert.equal(
    route(OWN, { user: "jane", database: "jane" }, true),
    "jane at orders to jane",
  );
  assert.equal(route(OWN, {}, true), "app at orders to orders");
});

Deno.test("chooseRoute() reads the target of a shared listener from the database's name, the longest first", () => {
  const rows = [
    ["sales@billing", "biller at billing to sales"],
    ["billing", "biller at billing to bills"],
    ["@billing", "biller at billing to bills"],
    ["a@b@billing", "biller at billing to a@b"],
    ["sales@orders", "app at orders to sales"],
    ["sales@x@orders", "biller at x@orders to sales"],
  ];
  for (const [database = "", expected] of rows) {
    assert.equal(route(SHARED, { user: "me", database }), expected);
  }
});

Deno.test("chooseRoute() refuses a database that names no target of a shared listener", () => {
  for (const database of ["sales", "", "sales@nowhere", "notbilling"]) {
    assert.throws(
      () => route(SHARED, { user: "me", database }),
      (error) =>
        error instanceof LoginFailure && error.reason === "no-target" &&
        error.hint ===
          "Ask for DATABASE@TARGET, where TARGET is one of: orders, billing, x@orders",
    );
  }
});

Deno.test("upstreamParameters() changes user and database, and nothing else", () => {
  const given = new Map(Object.entries({
    user: "me",
    application_name: "test",
    replication: "database",
  }));
  const chosen = chooseRoute(OWN, given, false);
  assert.deepEqual(
    [...upstreamParameters(chosen, given)],
    [
      ["user", "app"],
      ["application_name", "test"],
      ["replication", "database"],
      ["database", "orders"],
    ],
  );
});
