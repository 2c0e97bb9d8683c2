import assert from "node:assert/strict";
import { judgePsql } from "../../../../core/doctor/judge/psql.ts";

Deno.test("judgePsql() warns of libpq before 14", () => {
  const { status, detail } = judgePsql("/bin/psql", "psql (PostgreSQL) 13.4");
  assert.equal(status, "warning");
  assert.equal(
    detail,
    "13.4 at /bin/psql: before 14, it may cut tokens in the passfile",
  );
  assert.equal(
    judgePsql("/bin/psql", "psql (PostgreSQL) 18beta1").status,
    "ok",
  );
  assert.equal(judgePsql("/bin/psql", "what").status, "warning");
});
