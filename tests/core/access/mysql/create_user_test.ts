import assert from "node:assert/strict";
import { createUserSql } from "../../../../core/access/mysql/create_user.ts";

Deno.test("createUserSql() makes a user who logs in with a token over TLS", () => {
  assert.equal(
    createUserSql("jane.doe@example.com"),
    "CREATE USER 'jane.doe@example.com' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;",
  );
});

Deno.test("createUserSql() quotes any name", () => {
  assert.ok(createUserSql("it's\\me").startsWith("CREATE USER 'it''s\\\\me' "));
});
