import assert from "node:assert/strict";
import { checkRoleName } from "../../../core/access/role_name.ts";

Deno.test("checkRoleName() takes any name a person may give", () => {
  const names = [
    "app",
    "jane.doe@example.com",
    "Ops-Team",
    'quo"te',
    "with space",
    "ünïcode",
    "a".repeat(63),
    // Ordinary names when quoted, as they always are here.
    "current_user",
    "PUBLIC",
    "PG_x",
    "user",
    "all",
  ];
  for (const name of names) checkRoleName(name);
});

Deno.test("checkRoleName() refuses reserved and impossible names with the reason", () => {
  const refused: readonly [string, string][] = [
    ["", "it is empty"],
    ["pg_x", 'PostgreSQL reserves the prefix "pg_"'],
    ["rds_iam", 'RDS reserves the prefix "rds_"'],
    ["rdsadmin", "it is the superuser of RDS itself"],
    ["public", "PostgreSQL reserves it"],
    ["none", "PostgreSQL reserves it"],
    ["a".repeat(64), "it has 64 bytes, and PostgreSQL cuts names after 63"],
    ["a\0", "it holds a NUL character"],
  ];
  for (const [name, why] of refused) {
    assert.throws(() => checkRoleName(name), {
      kind: "usage",
      message: `Role name ${JSON.stringify(name)} cannot be used: ${why}`,
      hint: "Choose another name for the role",
    });
  }
});
