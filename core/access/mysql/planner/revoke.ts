import { nearest } from "../../../text/nearest.ts";
import { displayName } from "../../identifier.ts";
import { type Account, displayAccount, isSameAccount } from "../account.ts";
import {
  accountsNamed,
  type AccountState,
  findAccount,
  type MysqlCatalog,
} from "../catalog.ts";
import { MysqlDraft } from "./draft.ts";
import { rolesOf } from "../holdings.ts";
import type { MysqlPlan } from "../plan.ts";
import { requireAccount } from "./accounts.ts";
import { planEmptying, planRevocations } from "./revocations.ts";
import { requireGroup } from "./roles.ts";
import type { MysqlRevokeWish } from "../wish.ts";

/** The accounts of a user that are meant: those of IAM, or all where none is. */
function chosenAccounts(
  catalog: MysqlCatalog,
  user: string,
  { host, remove }: MysqlRevokeWish,
  draft: MysqlDraft,
): readonly AccountState[] {
  const named = accountsNamed(catalog, user).filter(({ account }) =>
    host === null || account.host === host
  );
  const ofIam = named.filter(({ isIam }) => isIam);
  const chosen = ofIam.length > 0 ? ofIam : named;
  const wanted = { user, host: host ?? "%" };
  if (chosen.length > 0) {
    for (const { account } of named.filter((each) => !chosen.includes(each))) {
      draft.notice(
        "keeps",
        `${displayAccount(account)} takes no token, and stays as it is`,
      );
    }
    return chosen;
  }
  if (remove?.drop) {
    // One that is gone is no error where it shall be dropped: that is done.
    draft.already({ kind: "drop-account", account: wanted });
    sayNearest(catalog, user, draft);
    return [];
  }
  return [requireAccount(catalog, wanted)];
}

function sayNearest(catalog: MysqlCatalog, user: string, draft: MysqlDraft) {
  const near = nearest(
    user,
    catalog.accounts.map(({ account }) => account.user),
  );
  if (near === undefined) return;
  draft.notice(
    "similar-account",
    `There is no user ${displayName(user)}, but there is ${displayName(near)}`,
  );
}

function planLeave(
  catalog: MysqlCatalog,
  role: Account,
  account: Account,
  draft: MysqlDraft,
) {
  const isRole = (each: Account) => isSameAccount(each, role);
  const defaults = catalog.defaultRoles.filter((each) =>
    isSameAccount(each.account, account)
  ).map((each) => each.role);
  // MariaDB would keep a default role that is no longer granted.
  if (defaults.some(isRole)) {
    draft.add({
      kind: "default-roles",
      account,
      roles: defaults.filter((each) => !isRole(each)),
    });
  }
  const others = catalog.roleGrants.filter((grant) =>
    !(isRole(grant.role) && isSameAccount(grant.member, account))
  );
  draft.addUnless(others.length === catalog.roleGrants.length, {
    kind: "revoke-role",
    role,
    account,
  });
  if (rolesOf({ roleGrants: others }, account).some(isRole)) {
    draft.notice(
      "still-member",
      `${displayAccount(account)} stays a member of ${
        displayAccount(role)
      } through another role`,
    );
  }
}

function planLock(
  { account, isIam, isLocked }: AccountState,
  draft: MysqlDraft,
) {
  if (!isIam) {
    draft.notice("keeps", `${displayAccount(account)} has no IAM login`);
  } else draft.addUnless(isLocked, { kind: "lock-account", account });
}

/** What to take for a revocation. Privileges go first and the login last. */
export function planRevoke(
  catalog: MysqlCatalog,
  wish: MysqlRevokeWish,
): MysqlPlan {
  const draft = new MysqlDraft();
  const { remove } = wish;
  const states = [...new Set(wish.users)].flatMap((user) =>
    chosenAccounts(catalog, user, wish, draft)
  );
  const accounts = states.map(({ account }) => account);
  if (!remove?.drop) {
    const grantees = wish.fromGroup === null
      ? accounts
      : [requireGroup(catalog, wish.fromGroup)];
    planRevocations(catalog, wish.privileges, grantees, draft);
    for (const account of accounts) {
      if (remove !== null) {
        planEmptying(catalog, account, remove.databases, draft);
      }
      for (const group of new Set(wish.groups)) {
        planLeave(catalog, requireGroup(catalog, group), account, draft);
      }
    }
    if (wish.iam) { for (const state of states) planLock(state, draft); }
  } else {
    for (const account of accounts) {
      draft.addUnless(findAccount(catalog, account) === undefined, {
        kind: "drop-account",
        account,
      });
    }
  }
  return draft.finish(catalog, remove?.databases);
}
