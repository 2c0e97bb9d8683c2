import { nearest } from "../../../text/nearest.ts";
import { displayName } from "../../identifier.ts";
import { type Account, displayAccount, isSameAccount } from "../account.ts";
import {
  accountsNamed,
  type AccountState,
  type MysqlCatalog,
  type RoleGrant,
} from "../catalog.ts";
import { MysqlDraft } from "./draft.ts";
import { rolesOf } from "../holdings.ts";
import type { MysqlPlan } from "../plan.ts";
import { requireAccount } from "./accounts.ts";
import { planEmptying, planRevocations } from "./revocations.ts";
import { requireGroup } from "./roles.ts";
import type { MysqlRevokeWish } from "../wish.ts";

/**
 * The accounts of a user that are meant: those of its hosts, where they are named, else those of IAM. Where it has none of
 * these, all of them may lose privileges; none is dropped that way.
 */
function chosenAccounts(
  catalog: MysqlCatalog,
  user: string,
  { host, remove }: MysqlRevokeWish,
  draft: MysqlDraft,
): readonly AccountState[] {
  const isDrop = remove?.drop === true;
  const named = accountsNamed(catalog, user).filter(({ account }) =>
    host === null || account.host === host
  );
  const ofIam = named.filter(({ isIam }) => isIam);
  const isAll = host !== null || ofIam.length === 0 && !isDrop;
  const chosen = isAll ? named : ofIam;
  for (const { account } of named.filter((each) => !chosen.includes(each))) {
    draft.notice(
      "keeps",
      `${
        displayAccount(account)
      } takes no token, and stays as it is: --host-pattern '${account.host}' means it`,
    );
  }
  if (chosen.length > 0) return chosen;
  const wanted = { user, host: host ?? "%" };
  if (!isDrop) return [requireAccount(catalog, wanted)];
  // One that is gone is no error where it shall be dropped: that is done.
  draft.already({ kind: "drop-account", account: wanted });
  if (named.length === 0) sayNearest(catalog, user, draft);
  return [];
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

function planLeaving(
  catalog: MysqlCatalog,
  roles: readonly Account[],
  account: Account,
  draft: MysqlDraft,
) {
  const isLeft = (each: Account) =>
    roles.some((role) => isSameAccount(role, each));
  const defaults = catalog.defaultRoles.filter((each) =>
    isSameAccount(each.account, account)
  ).map((each) => each.role);
  // MariaDB would keep a default role that is no longer granted.
  if (defaults.some(isLeft)) {
    draft.add({
      kind: "default-roles",
      account,
      roles: defaults.filter((each) => !isLeft(each)),
    });
  }
  const isOwn = (grant: RoleGrant) => isSameAccount(grant.member, account);
  const others = catalog.roleGrants.filter((grant) =>
    !(isOwn(grant) && isLeft(grant.role))
  );
  for (const role of roles) {
    const isMember = catalog.roleGrants.some((grant) =>
      isOwn(grant) && isSameAccount(grant.role, role)
    );
    draft.addUnless(!isMember, { kind: "revoke-role", role, account });
    const stays = rolesOf({ roleGrants: others }, account).some((each) =>
      isSameAccount(each, role)
    );
    if (!stays) continue;
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
  const { remove, fromGroup } = wish;
  const states = [...new Set(wish.users)].flatMap((user) =>
    chosenAccounts(catalog, user, wish, draft)
  );
  const accounts = states.map(({ account }) => account);
  if (remove?.drop) {
    for (const account of accounts) {
      draft.add({ kind: "drop-account", account });
    }
    return draft.finish(catalog, remove.databases);
  }
  const grantees = fromGroup === null
    ? accounts
    : [requireGroup(catalog, fromGroup)];
  planRevocations(catalog, wish.privileges, grantees, draft);
  const groups = [...new Set(wish.groups)].map((group) =>
    requireGroup(catalog, group)
  );
  for (const account of accounts) {
    for (const database of remove?.databases ?? []) {
      planEmptying(catalog, account, database, draft);
    }
    planLeaving(catalog, groups, account, draft);
  }
  for (const state of wish.iam ? states : []) planLock(state, draft);
  return draft.finish(catalog);
}
