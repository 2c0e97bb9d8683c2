import type { DatabaseSession } from "../../core/database/database.ts";
import {
  accountsSql,
  decodeAccount,
  decodeSelf,
  decodeServer,
  SELF_SQL,
  SERVER_SQL,
} from "../../core/doctor/judge/mysql_account_facts.ts";
import {
  judgeAccount,
  judgeOwnAccess,
  judgeOwnAccount,
} from "../../core/doctor/judge/mysql_account.ts";
import {
  judgeAccess,
  judgeRole,
  type RoleContext,
} from "../../core/doctor/judge/role.ts";
import { decodeRole, ROLE_SQL } from "../../core/doctor/judge/role_facts.ts";
import type { Finding } from "../../core/doctor/check.ts";

/** What a look at a role has found. */
export interface RoleView {
  role: Finding;
  access: Finding;
}

/** What a session in PostgreSQL sees of a role. */
export async function lookAtRole(
  session: DatabaseSession,
  context: RoleContext,
): Promise<RoleView> {
  const [row = ""] = await session.run(ROLE_SQL, [context.target.username]);
  const facts = decodeRole(row);
  return {
    role: judgeRole(facts, context),
    access: judgeAccess(facts, context),
  };
}

/** What a user of MySQL or MariaDB who is in sees of its own account. */
export async function lookAtOwnAccount(
  session: DatabaseSession,
  context: RoleContext,
): Promise<RoleView> {
  const [row = ""] = await session.run(SELF_SQL);
  const facts = decodeSelf(row);
  return {
    role: judgeOwnAccount(facts),
    access: judgeOwnAccess(facts, context),
  };
}

/** What an administrator sees of the accounts of a user's name. */
export async function lookAtAccounts(
  session: DatabaseSession,
  context: RoleContext,
): Promise<RoleView> {
  const [row = ""] = await session.run(SERVER_SQL);
  const { version, clientHost } = decodeServer(row);
  const rows = await session.run(accountsSql(version));
  const accounts = rows.map(decodeAccount);
  return {
    role: judgeAccount({ accounts, clientHost }, context),
    access: { status: "skipped", detail: "shows once the user is in" },
  };
}
