import assert from "node:assert/strict";
import { engineOf } from "../../../core/rds/engine.ts";

Deno.test("engineOf() knows instances' engines and proxies' families", () => {
  assert.deepEqual(
    ["aurora-postgresql", "MYSQL", "aurora", "mariadb"].map(engineOf),
    ["postgres", "mysql", "mysql", "mariadb"],
  );
});

Deno.test("engineOf() does not know what rdsiam cannot log in to", () => {
  for (const name of ["oracle-ee", "SQLSERVER", "db2-se", "", "constructor"]) {
    assert.equal(engineOf(name), undefined, name);
  }
});
