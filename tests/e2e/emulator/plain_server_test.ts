import assert from "node:assert/strict";
import { CONNECT } from "../../../core/access/preset.ts";
import type { GrantWish } from "../../../core/access/wish.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import { fulfil } from "../../../services/access/fulfil.ts";
import {
  connect,
  usePostgres,
} from "../../adapters/postgres_server/fixture.ts";
import type { PostgresServer } from "../../../adapters/postgres_server/server.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const { start } = usePostgres();

const WISH: GrantWish = {
  kind: "grant",
  users: ["app"],
  createUsers: true,
  iam: true,
  createRdsIam: false,
  group: null,
  privileges: [CONNECT],
};
const APPLY = { apply: true, force: false };

/** Logs in to a server other than RDS. */
function ports(server: PostgresServer) {
  return {
    stopSignal: () => new AbortController().signal,
    logIn(): Promise<DatabaseSession> {
      const sql = connect(server, undefined, { max: 1 });
      return Promise.resolve({
        async run(text, parameters = []) {
          const rows = await sql.unsafe(text, [...parameters]).values();
          return rows.map(([first]) => String(first));
        },
        abort() {},
        [Symbol.asyncDispose]: () => sql.end(),
      });
    },
  };
}

Deno.test("fulfil() makes rds_iam on a server other than RDS only when told to", async () => {
  await using server = await start({});
  await assertRefusesLater(fulfil(WISH, ports(server), APPLY), {
    kind: "failed",
    message:
      "Granting rds_iam failed: the server has no such role, so it is not RDS or Aurora",
    hint:
      "For a server that checks IAM tokens some other way, add --create-rds-iam",
  });
  const wish = { ...WISH, createRdsIam: true };
  const { plan } = await fulfil(wish, ports(server), APPLY);
  assert.deepEqual(plan.steps.map(({ kind }) => kind), [
    "create-role",
    "create-role",
    "grant-membership",
  ]);
  assert.equal((await fulfil(wish, ports(server), APPLY)).isApplied, false);
});
