import { RdsiamError } from "../../../errors.ts";
import { displayName } from "../../identifier.ts";
import { missing } from "../../missing_name.ts";
import {
  type Account,
  checkAccountLength,
  checkAccountName,
  displayAccount,
  isSameAccount,
} from "../account.ts";
import {
  accountsNamed,
  type AccountState,
  findAccount,
  type MysqlCatalog,
} from "../catalog.ts";
import type { MysqlDraft } from "./draft.ts";
import type { AccountChange } from "../plan.ts";

/** What keeps an account from logging in with IAM. */
function changesFor(state: AccountState): readonly AccountChange[] {
  const { isIam, requiresTls, isLocked, isExpired } = state;
  return [
    ...(isIam ? [] : ["iam" as const]),
    ...(requiresTls ? [] : ["tls" as const]),
    ...(isLocked ? ["unlock" as const] : []),
    ...(isIam && isExpired ? ["expiry" as const] : []),
  ];
}

/** The account has to be there, and be no role. */
export function requireAccount(
  catalog: MysqlCatalog,
  account: Account,
): AccountState {
  const state = findAccount(catalog, account);
  if (state !== undefined && !state.isRole) return state;
  const others = accountsNamed(catalog, account.user);
  const [other] = others;
  if (other !== undefined) {
    throw new RdsiamError(
      "usage",
      `Account ${displayAccount(account)} cannot be used: it does not exist`,
      {
        hint: `There is ${
          others.map((each) => displayAccount(each.account)).join(", ")
        }: add --host-pattern '${other.account.host}'`,
      },
    );
  }
  throw missing(
    "User",
    account.user,
    catalog.accounts.filter(({ isRole }) => !isRole).map((each) =>
      each.account.user
    ),
    "Make it with rdsiam setup-db",
  );
}

/** Whoever has an account of the same name for other hosts may meet that one instead. */
function tellOtherHosts(
  catalog: MysqlCatalog,
  account: Account,
  draft: MysqlDraft,
) {
  for (const other of accountsNamed(catalog, account.user)) {
    if (isSameAccount(other.account, account) || other.isIam) continue;
    draft.notice(
      "other-host",
      `There is also ${
        displayAccount(other.account)
      }, which takes no token: of several accounts of a name the server takes the one with the most specific host`,
    );
  }
}

function tellSimilar(
  { accounts }: MysqlCatalog,
  { user }: Account,
  draft: MysqlDraft,
) {
  const similar = accounts.find(({ account }) =>
    account.user !== user &&
    account.user.toLowerCase() === user.toLowerCase()
  );
  if (similar === undefined) return;
  draft.notice(
    "similar-account",
    `${displayName(user)} is another user than ${
      displayName(similar.account.user)
    }: capitals matter, to RDS as well`,
  );
}

/**
 * Plans an account that logs in with IAM: it is created, or what keeps it from that is changed.
 *
 * @throws {RdsiamError} `usage`, when it cannot be one
 */
export function planIamAccount(
  catalog: MysqlCatalog,
  account: Account,
  draft: MysqlDraft,
): void {
  checkAccountName(account.user);
  checkAccountLength(account.user, catalog.version.dialect);
  const state = findAccount(catalog, account);
  // MariaDB keeps roles beside accounts, and could not tell one from the other in a GRANT.
  const isRole = catalog.accounts.some((each) =>
    each.isRole && each.account.user === account.user
  );
  if (isRole) {
    throw new RdsiamError(
      "usage",
      `User ${displayName(account.user)} cannot be used: it is a role`,
      { hint: "Choose another name for the user" },
    );
  }
  tellOtherHosts(catalog, account, draft);
  if (state === undefined) {
    tellSimilar(catalog, account, draft);
    return draft.add({ kind: "create-account", account });
  }
  const changes = changesFor(state);
  if (changes.length === 0) {
    draft.already({ kind: "create-account", account });
  } else draft.add({ kind: "change-account", account, changes });
}
