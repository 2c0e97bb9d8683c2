import assert from "node:assert/strict";
import type { PrivilegeOptions } from "../../../cli/access/options.ts";
import { publicCrud } from "../../../core/access/preset.ts";
import type { PrivilegeWish } from "../../../core/access/wish.ts";
import { readPrivileges } from "../../../cli/access/privilege_options.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const WISHES: [
  name: string,
  options: PrivilegeOptions,
  wishes: readonly PrivilegeWish[],
][] = [
  ["nothing without options", {}, []],
  ["--grant-public-crud", { grantPublicCrud: true }, publicCrud()],
  ["--preset on its schemas", { preset: "readonly", schema: ["a"] }, [
    { kind: "schema", schema: "a", privileges: ["USAGE"] },
    { kind: "table", schema: "a", names: "all", privileges: ["SELECT"] },
    { kind: "sequence", schema: "a", names: "all", privileges: ["SELECT"] },
  ]],
  ["--privileges on schemas themselves", {
    privileges: ["usage,Create"],
    schema: ["a", "b"],
  }, [
    { kind: "schema", schema: "a", privileges: ["USAGE", "CREATE"] },
    { kind: "schema", schema: "b", privileges: ["USAGE", "CREATE"] },
  ]],
  ["--privileges on tables, patterns and quoted names", {
    privileges: ["select", "INSERT"],
    tables: ["o*", '"a*"'],
  }, [{
    kind: "table",
    schema: "public",
    names: [{ kind: "pattern", pattern: "o*" }, { kind: "name", name: "a*" }],
    privileges: ["SELECT", "INSERT"],
  }]],
  ["ALL on everything of two kinds", {
    privileges: ["all privileges"],
    sequences: ["*"],
    functions: ["*"],
  }, [
    { kind: "sequence", schema: "public", names: "all", privileges: "all" },
    { kind: "function", schema: "public", names: "all", privileges: "all" },
  ]],
  ["--default-privileges for each owner", {
    privileges: ["SELECT"],
    tables: ["*"],
    defaultPrivileges: true,
    owner: ["x", "y"],
  }, [
    { kind: "table", schema: "public", names: "all", privileges: ["SELECT"] },
    {
      kind: "default",
      owner: "x",
      schema: "public",
      objects: "table",
      privileges: ["SELECT"],
    },
    {
      kind: "default",
      owner: "y",
      schema: "public",
      objects: "table",
      privileges: ["SELECT"],
    },
  ]],
];

for (const [name, options, wishes] of WISHES) {
  Deno.test(`readPrivileges() reads ${name}`, () => {
    assert.deepEqual(readPrivileges(options), wishes);
  });
}

const REFUSED: [options: PrivilegeOptions, message: string, hint: string][] = [
  [
    { tables: ["a"] },
    "--tables needs --privileges",
    "Say which, such as --privileges SELECT,INSERT",
  ],
  [
    { schema: ["a"] },
    "--schema needs --preset or --privileges",
    "Say what may be done there, such as --preset readonly",
  ],
  [
    { preset: "readolny" },
    'Preset "readolny" is not known',
    'Did you mean "readonly"?',
  ],
  [
    { privileges: ["SELCT"], tables: ["a"] },
    'Privilege "SELCT" cannot be used: a table has SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN',
    'Did you mean "SELECT"?',
  ],
  [
    { privileges: ["SELECT"], schema: ["a"] },
    "--privileges SELECT does not say on what",
    "Add --tables, --sequences or --functions, such as --tables '*'",
  ],
  [
    { privileges: ["CONNECT"], schema: ["a"] },
    'Privilege "CONNECT" cannot be used: a schema has USAGE, CREATE',
    "Name one of these, or ALL",
  ],
  [
    { preset: "readonly", defaultPrivileges: true },
    "--default-privileges needs --owner",
    "Name the role that will create the objects: PostgreSQL keeps default privileges for each owner",
  ],
  [
    { preset: "readonly", owner: ["x"] },
    "--owner needs --default-privileges",
    "Add --default-privileges",
  ],
  [
    {
      privileges: ["SELECT"],
      tables: ["a"],
      defaultPrivileges: true,
      owner: ["x"],
    },
    "--default-privileges has no effect here: no option asks for all objects of a schema",
    "Ask for all of them with --preset, or --tables '*'",
  ],
];

for (const [options, message, hint] of REFUSED) {
  Deno.test(`readPrivileges() refuses: ${message.slice(0, 60)}`, () => {
    assertRefuses(() => readPrivileges(options), { message, hint });
  });
}
