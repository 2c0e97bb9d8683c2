import assert from "node:assert/strict";
import { Secret } from "../../../../core/secret.ts";
import {
  accountStatements,
  checkMysqlMaster,
} from "../../../../services/emulator/mysql/accounts.ts";

const master = { username: "boss", password: new Secret("it's\n\\secret") };

Deno.test("accountStatements() gives the master what its version of RDS gives", () => {
  const old = accountStatements("mysql", "8.0.35", master, true);
  assert.match(old.at(-1) ?? "", /^GRANT SELECT, .* TO 'boss'@'%' WITH GRANT/);
  const role = accountStatements("mysql", "8.0.36", master, true).join("\n");
  assert.match(role, /ROLE_ADMIN, XA_RECOVER_ADMIN, SET_USER_ID ON/);
  assert.match(
    role,
    /SET DEFAULT ROLE 'rds_superuser_role'@'%' TO 'boss'@'%'$/,
  );
  const today = accountStatements("mysql", "9.7.4", master, true).join("\n");
  assert.match(today, /SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER ON/);
  const maria = (version: string) =>
    accountStatements("mariadb", version, master, true).join("\n");
  assert.doesNotMatch(maria("10.11.19"), /SHOW CREATE ROUTINE|ROLE/);
  assert.match(maria("11.4.2"), /TRIGGER, SHOW CREATE ROUTINE ON/);
});

Deno.test("accountStatements() writes one line a statement, and drops root on new data alone", () => {
  for (const isNew of [true, false]) {
    const statements = accountStatements("mariadb", "11.8.9", master, isNew);
    assert.ok(statements.every((statement) => !statement.includes("\n")));
    assert.ok(
      statements.includes(
        "ALTER USER 'boss'@'%' IDENTIFIED BY 'it''s\\n\\\\secret'",
      ),
    );
    const dropped = statements.filter((statement) =>
      statement.startsWith("DROP USER IF EXISTS 'root'@")
    );
    assert.equal(dropped.length, isNew ? 3 : 0);
  }
});

Deno.test("checkMysqlMaster() refuses names that are taken or too long", () => {
  for (
    const name of ["rdsadmin", "RDS_x", "root", "mysql.sys", "a".repeat(33)]
  ) {
    assert.throws(() => checkMysqlMaster(name, "mysql"), { kind: "usage" });
  }
  checkMysqlMaster("admin", "mysql");
  checkMysqlMaster("a".repeat(33), "mariadb");
});
