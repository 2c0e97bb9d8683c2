import assert from "node:assert/strict";
import {
  parsePrivilege,
  privilegesOf,
} from "../../../core/access/privilege.ts";

Deno.test("parsePrivilege() takes any case and TEMP", () => {
  assert.equal(parsePrivilege("table", "select"), "SELECT");
  assert.equal(parsePrivilege("database", " temp "), "TEMPORARY");
});

Deno.test("parsePrivilege() names the privileges of the kind and the nearest", () => {
  assert.throws(() => parsePrivilege("table", "SELCT"), {
    kind: "usage",
    message:
      'Privilege "SELCT" cannot be used: a table has SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN',
    hint: 'Did you mean "SELECT"?',
  });
  assert.throws(() => parsePrivilege("sequence", "DELETE"), { kind: "usage" });
});

Deno.test("privilegesOf() has MAINTAIN since PostgreSQL 17", () => {
  assert.ok(!privilegesOf("table", 160010).includes("MAINTAIN"));
  assert.ok(privilegesOf("table", 170000).includes("MAINTAIN"));
});
