import assert from "node:assert/strict";
import { plan } from "../../../core/access/planner/planner.ts";
import {
  CONNECT,
  futurePrivileges,
  presetPrivileges,
  PRESETS,
  publicCrud,
} from "../../../core/access/preset.ts";
import { scriptOf } from "../../../core/access/postgres/statements.ts";
import { catalogWith, grantWish, group, object, role } from "./fixtures.ts";

const CATALOG = catalogWith([role("app"), group("owner1")], [], {
  objects: [
    object("table", "orders"),
    object("sequence", "orders_id_seq"),
    object("function", "f"),
  ],
});

function script(privileges: ReturnType<typeof publicCrud>): string {
  return scriptOf(plan(CATALOG, grantWish("app", privileges, { iam: false })));
}

Deno.test("publicCrud() is three statements and no more", () => {
  assert.equal(
    script([CONNECT, ...publicCrud()]),
    `BEGIN;
GRANT USAGE ON SCHEMA "public" TO "app";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "public" TO "app";
COMMIT;
`,
  );
});

Deno.test("presetPrivileges() of readonly writes nothing", () => {
  assert.equal(
    script(presetPrivileges("readonly", "public")),
    `BEGIN;
GRANT USAGE ON SCHEMA "public" TO "app";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "app";
GRANT SELECT ON ALL SEQUENCES IN SCHEMA "public" TO "app";
COMMIT;
`,
  );
});

Deno.test("presetPrivileges() of owner is all that can be granted", () => {
  assert.equal(
    script(presetPrivileges("owner", "public")),
    `BEGIN;
GRANT USAGE, CREATE ON SCHEMA "public" TO "app";
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA "public" TO "app";
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA "public" TO "app";
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA "public" TO "app";
COMMIT;
`,
  );
});

Deno.test("futurePrivileges() covers what an owner will create", () => {
  assert.equal(
    script(futurePrivileges(publicCrud(), ["owner1"])),
    `BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE "owner1" IN SCHEMA "public" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "app";
ALTER DEFAULT PRIVILEGES FOR ROLE "owner1" IN SCHEMA "public" GRANT USAGE, SELECT ON SEQUENCES TO "app";
COMMIT;
`,
  );
});

Deno.test("each preset contains the one before", () => {
  const sizes = PRESETS.map((preset) =>
    plan(
      CATALOG,
      grantWish("app", presetPrivileges(preset, "public"), { iam: false }),
    ).steps.flatMap((step) => "privileges" in step ? step.privileges : [])
      .length
  );
  assert.deepEqual(sizes, [3, 7, 13]);
});
