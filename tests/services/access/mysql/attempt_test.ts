import assert from "node:assert/strict";
import type { MysqlWish } from "../../../../core/access/mysql/wish.ts";
import type { DatabaseSession } from "../../../../core/database/database.ts";
import { SqlError } from "../../../../core/database/sql_error.ts";
import { attemptMysql } from "../../../../services/access/mysql/attempt.ts";
import { grantWish } from "../../../core/access/mysql/fixtures.ts";

const SERVER = {
  administrator: "admin@%",
  readOnly: "N",
  literal: "N",
  lowers: "N",
  plugin: "Y",
};

/** What a server of MariaDB without accounts but the master answers. */
function answer(sql: string): readonly unknown[] {
  if (sql === "SELECT VERSION()") return ["10.11.6-MariaDB-log"];
  if (sql.startsWith("SELECT GET_LOCK")) return ["1"];
  if (sql.includes("CURRENT_USER()")) return [SERVER];
  if (sql.includes("SCHEMATA")) return [{ name: "shop" }];
  return [];
}

/** A session that remembers what it was to change, and fails where the test says. */
function fakeSession(fail: (sql: string) => void = () => {}) {
  const changes: string[] = [];
  const session: DatabaseSession = {
    run(sql) {
      if (/^(CREATE|ALTER|DROP|GRANT|REVOKE)/.test(sql)) {
        fail(sql);
        changes.push(sql);
      }
      return Promise.resolve(
        answer(sql).map((row) =>
          typeof row === "string" ? row : JSON.stringify(row)
        ),
      );
    },
    abort() {},
    async [Symbol.asyncDispose]() {},
  };
  return { session, changes };
}

const WISH: MysqlWish = grantWish();
const CREATE =
  "CREATE USER 'app'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";
const GRANT = "GRANT SELECT, INSERT, UPDATE, DELETE ON `shop`.* TO 'app'@'%'";
const APPLY = { apply: true, force: false };

Deno.test("attemptMysql() runs each statement, and none for a trial", async () => {
  const { session, changes } = fakeSession();
  const trial = await attemptMysql(session, WISH, { ...APPLY, apply: false });
  assert.deepEqual([trial.done, changes], [0, []]);
  assert.equal(trial.plan.steps.length, 2);
  const { done, failure } = await attemptMysql(session, WISH, APPLY);
  assert.deepEqual([done, failure, changes], [2, undefined, [CREATE, GRANT]]);
});

Deno.test("attemptMysql() says how many statements are done when one fails", async () => {
  const { session, changes } = fakeSession((sql) => {
    if (sql === GRANT) {
      throw new SqlError("42000", "Access denied for user", { number: 1044 });
    }
  });
  const { done, failure } = await attemptMysql(session, WISH, APPLY);
  assert.deepEqual([done, changes], [1, [CREATE]]);
  assert.equal(
    failure?.message,
    `${GRANT} failed: Access denied for user (1 of 2 statements are done)`,
  );
  assert.match(
    failure?.hint ?? "",
    /; the next run goes on where this stopped$/,
  );
});

Deno.test("attemptMysql() says which statement may be done when the connection is lost", async () => {
  const { session } = fakeSession((sql) => {
    if (sql === GRANT) throw new SqlError("08S01", "gone");
  });
  const { done, failure } = await attemptMysql(session, WISH, APPLY);
  assert.equal(done, 1);
  assert.equal(
    failure?.message,
    `The connection to the database was lost during ${GRANT}: 1 of 2 statements are done before it`,
  );
});

Deno.test("attemptMysql() stops between two statements", async () => {
  const controller = new AbortController();
  const { session, changes } = fakeSession(() => controller.abort());
  const { done, failure } = await attemptMysql(
    session,
    WISH,
    APPLY,
    controller.signal,
  );
  assert.deepEqual([done, changes], [1, [CREATE]]);
  assert.equal(
    failure?.message,
    "Stopped before the end: 1 of 2 statements are done",
  );
});
