import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import {
  bootstrapStatements,
  iamMembershipQuery,
} from "../../../services/emulator/bootstrap.ts";

const MASTER = {
  username: 'Ma"ster',
  password: new Secret("it's \\ secret"),
};

Deno.test("bootstrapStatements() keeps the password out of the log before it is set", () => {
  const statements = bootstrapStatements(MASTER, 17);
  assert.equal(statements[0], "SET log_min_error_statement = panic");
});

Deno.test("bootstrapStatements() makes a master user that is no superuser, whatever its name", () => {
  const statements = bootstrapStatements(MASTER, 17);
  assert.deepEqual(statements.filter((text) => /PASSWORD/.test(text)), [
    `ALTER ROLE "Ma""ster" LOGIN CREATEDB CREATEROLE PASSWORD E'it''s \\\\ secret'`,
  ]);
  assert.ok(statements.includes('GRANT rds_superuser TO "Ma""ster"'));
  assert.doesNotMatch(statements.join("\n"), /\bSUPERUSER\b/);
});

Deno.test("bootstrapStatements() says what each version needs", () => {
  const adminOption =
    "GRANT rds_iam TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE";
  const publicSchema = 'ALTER SCHEMA public OWNER TO "Ma""ster"';
  const has = (major: number, statement: string) =>
    bootstrapStatements(MASTER, major).includes(statement);
  assert.equal(has(15, adminOption), false);
  assert.equal(has(16, adminOption), true);
  assert.equal(has(14, publicSchema), true);
  assert.equal(has(15, publicSchema), false);
});

Deno.test("iamMembershipQuery() leaves a creator's membership out since PostgreSQL 16, unless it counts", () => {
  assert.match(iamMembershipQuery(16, false), /m\.grantor = 10/);
  assert.doesNotMatch(iamMembershipQuery(16, true), /m\.grantor/);
  assert.doesNotMatch(iamMembershipQuery(15, false), /m\.grantor|set_option/);
});
