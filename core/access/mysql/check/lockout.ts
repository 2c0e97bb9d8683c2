import {
  type Account,
  displayAccount,
  isReservedName,
  isSameAccount,
} from "../account.ts";
import {
  accountsNamed,
  type AccountState,
  findAccount,
  type MysqlCatalog,
} from "../catalog.ts";
import { mysqlCatalogAfter } from "../effect.ts";
import { globalRights } from "../holdings.ts";
import type { MysqlPlan, MysqlStep } from "../plan.ts";
import type { MysqlObjection } from "./objection.ts";

const OWN_NAME = "Give IAM logins users of their own";

/** The accounts that log in otherwise than before, or not at all, once the step is done. */
function touched(step: MysqlStep): Account | undefined {
  switch (step.kind) {
    case "create-account":
    case "lock-account":
    case "drop-account":
      return step.account;
    case "change-account":
      return step.changes.includes("iam") ? step.account : undefined;
    default:
      return undefined;
  }
}

/** Whether an account can make accounts, and gets in without a token. */
function administers(catalog: MysqlCatalog, state: AccountState): boolean {
  return state.hasOtherLogin && !state.isLocked &&
    globalRights(catalog, state.account).has("CREATE USER");
}

/** Whether anybody but the service itself is left who does. */
function isAdministered(catalog: MysqlCatalog): boolean {
  return catalog.accounts.some((state) =>
    !isReservedName(state.account.user) && administers(catalog, state)
  );
}

function lockoutsBy(
  catalog: MysqlCatalog,
  step: MysqlStep,
  isLeftAlone: boolean,
): readonly MysqlObjection[] {
  const account = touched(step);
  if (account === undefined) return [];
  const who = displayAccount(account);
  const { administrator } = catalog;
  const self = isSameAccount(account, administrator);
  const isMade = step.kind !== "drop-account" && step.kind !== "lock-account";
  if (self || isMade && account.user === administrator.user) {
    return [{
      severity: "refuse",
      kind: "administrator",
      account,
      cost: self
        ? `${who} is logged in to do this, and could not log in as before`
        : `${who} may take logins from ${
          displayAccount(administrator)
        }, who is logged in to do this`,
      hint: OWN_NAME,
    }];
  }
  const state = findAccount(catalog, account);
  if (isLeftAlone && state !== undefined && administers(catalog, state)) {
    return [{
      severity: "refuse",
      kind: "last-administrator",
      account,
      cost:
        `${who} is the last that may create users and logs in with a password`,
      hint: OWN_NAME,
    }];
  }
  if (state?.hasOtherLogin) {
    return [{
      severity: "force",
      kind: "password",
      account,
      cost: `${who} logs in with a password, which stops working`,
      hint:
        `${OWN_NAME}, or add --force when nothing needs the password any more`,
    }];
  }
  return step.kind !== "create-account" || account.host === "%"
    ? []
    : shadowed(catalog, account);
}

/** The server takes the account whose host is the closest: a new one takes logins from wider ones. */
function shadowed(
  catalog: MysqlCatalog,
  account: Account,
): readonly MysqlObjection[] {
  return accountsNamed(catalog, account.user)
    .filter(({ hasOtherLogin, account: { host } }) =>
      hasOtherLogin && host.includes("%")
    )
    .map((other): MysqlObjection => ({
      severity: "force",
      kind: "password-elsewhere",
      account: other.account,
      cost: `${
        displayAccount(other.account)
      } logs in with a password, which stops working from the hosts of ${
        displayAccount(account)
      }`,
      hint: `${OWN_NAME}, or add --force when nothing needs the password there`,
    }));
}

/** Whom the plan locks out. */
export function mysqlLockouts(
  catalog: MysqlCatalog,
  plan: MysqlPlan,
): readonly MysqlObjection[] {
  const after = mysqlCatalogAfter(catalog, plan.steps);
  const isLeftAlone = !isAdministered(after);
  return plan.steps.flatMap((step) => lockoutsBy(catalog, step, isLeftAlone));
}
