import { isSameAccount } from "../account.ts";
import type { MysqlCatalog } from "../catalog.ts";
import { MysqlDraft } from "./draft.ts";
import type { MysqlPlan } from "../plan.ts";
import { planIamAccount, requireAccount } from "./accounts.ts";
import { planPrivileges } from "./privileges.ts";
import { planGroup, planMember } from "./roles.ts";
import type { MysqlGrantWish } from "../wish.ts";

/**
 * What is missing for a grant, and no more. The account comes first, since everything else names it: a run that is cut
 * short leaves one that may do less than was wished.
 *
 * @throws {RdsiamError} `usage`, when the wish names what is missing or cannot be used so
 */
export function planGrant(
  catalog: MysqlCatalog,
  wish: MysqlGrantWish,
): MysqlPlan {
  const draft = new MysqlDraft();
  const accounts = wish.accounts.filter((account, index) =>
    wish.accounts.findIndex((each) => isSameAccount(each, account)) === index
  );
  if (wish.iam && !catalog.hasPlugin) {
    draft.notice(
      "iam-off",
      "The server has no plugin AWSAuthenticationPlugin: IAM authentication is off, or unsupported. rdsiam policy --enable turns it on",
    );
  }
  for (const account of accounts) {
    if (wish.iam) planIamAccount(catalog, account, draft);
    else requireAccount(catalog, account);
  }
  const role = wish.group === null ? undefined : planGroup(
    catalog,
    wish.group,
    accounts.map(({ user }) => user),
    draft,
  );
  const grantees = role === undefined ? accounts : [role];
  planPrivileges(catalog, wish.privileges, grantees, draft);
  if (role !== undefined) {
    for (const account of accounts) planMember(catalog, role, account, draft);
  }
  return draft.finish(catalog);
}
