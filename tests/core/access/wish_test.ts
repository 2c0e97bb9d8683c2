import assert from "node:assert/strict";
import { presetPrivileges, publicCrud } from "../../../core/access/preset.ts";
import { granteesOf, scopeOf } from "../../../core/access/wish.ts";
import { grantWish, revokeWish } from "./fixtures.ts";

Deno.test("scopeOf() asks for the schemas and kinds of the wish alone", () => {
  assert.deepEqual(
    scopeOf(grantWish("app", [
      ...publicCrud(),
      ...presetPrivileges("owner", "audit"),
    ])),
    {
      grantees: ["app"],
      objects: {
        table: ["public", "audit"],
        sequence: ["public", "audit"],
        function: ["audit"],
      },
      losing: false,
      drop: [],
    },
  );
});

Deno.test("scopeOf() asks for what hangs on a role to be removed", () => {
  const remove = { reassignTo: null, dropRole: true };
  assert.deepEqual(scopeOf(revokeWish("app", [], { remove })).drop, ["app"]);
});

Deno.test("scopeOf() refuses names that the server could not read", () => {
  for (const name of ["", "a\0b", "\ud800", "a".repeat(64)]) {
    assert.throws(() => scopeOf(grantWish(name)), { kind: "usage" });
    const wishes = presetPrivileges("readonly", name);
    assert.throws(() => scopeOf(grantWish("app", wishes)), { kind: "usage" });
  }
});

Deno.test("granteesOf() is the group where there is one", () => {
  const group = { name: "readers", create: false };
  assert.deepEqual(granteesOf(grantWish("app", [], { group })), ["readers"]);
  assert.deepEqual(granteesOf(grantWish("app")), ["app"]);
});
