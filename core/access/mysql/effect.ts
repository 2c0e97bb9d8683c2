import { type Account, isSameAccount } from "./account.ts";
import type { AccountState, Held, MysqlCatalog } from "./catalog.ts";
import { isSameHolding } from "./holdings.ts";
import type { MysqlStep } from "./plan.ts";

type Step<Kind extends MysqlStep["kind"]> = Extract<
  MysqlStep,
  { readonly kind: Kind }
>;

function state(account: Account, isRole: boolean): AccountState {
  return {
    account,
    isIam: !isRole,
    hasOtherLogin: false,
    requiresTls: !isRole,
    isLocked: false,
    isExpired: false,
    isRole,
    globals: [],
  };
}

function changed(
  catalog: MysqlCatalog,
  account: Account,
  change: (state: AccountState) => AccountState,
): MysqlCatalog {
  return {
    ...catalog,
    accounts: catalog.accounts.map((each) =>
      isSameAccount(each.account, account) ? change(each) : each
    ),
  };
}

function isOf({ account, on }: Step<"grant"> | Step<"revoke">) {
  return (held: Held) =>
    isSameAccount(held.account, account) && isSameHolding(held.on, on);
}

function granted(catalog: MysqlCatalog, step: Step<"grant">): MysqlCatalog {
  const isMeant = isOf(step);
  const { account, on, privileges } = step;
  const held = catalog.held.some(isMeant)
    ? catalog.held
    : [...catalog.held, { account, on, privileges: [], ofColumns: [] }];
  return {
    ...catalog,
    held: held.map((each) =>
      isMeant(each)
        ? {
          ...each,
          privileges: [...new Set([...each.privileges, ...privileges])],
        }
        : each
    ),
  };
}

/** What is taken from a table is taken from its columns, too. */
function revoked(catalog: MysqlCatalog, step: Step<"revoke">): MysqlCatalog {
  const isMeant = isOf(step);
  const isLeft = (each: string) => !step.privileges.includes(each);
  return {
    ...catalog,
    held: catalog.held.map((each) =>
      isMeant(each)
        ? {
          ...each,
          privileges: each.privileges.filter(isLeft),
          ofColumns: each.ofColumns.filter(isLeft),
        }
        : each
    ).filter(({ privileges, ofColumns }) =>
      privileges.length > 0 || ofColumns.length > 0
    ),
  };
}

function dropped(catalog: MysqlCatalog, account: Account): MysqlCatalog {
  const isOther = (each: Account) => !isSameAccount(each, account);
  return {
    ...catalog,
    accounts: catalog.accounts.filter((each) => isOther(each.account)),
    held: catalog.held.filter((each) => isOther(each.account)),
    roleGrants: catalog.roleGrants.filter(({ role, member }) =>
      isOther(role) && isOther(member)
    ),
    defaultRoles: catalog.defaultRoles.filter((each) =>
      isOther(each.account) && isOther(each.role)
    ),
  };
}

function afterStep(catalog: MysqlCatalog, step: MysqlStep): MysqlCatalog {
  const { accounts, roleGrants, defaultRoles } = catalog;
  switch (step.kind) {
    case "create-account":
      return {
        ...catalog,
        accounts: [...accounts, state(step.account, false)],
      };
    case "create-role":
      return { ...catalog, accounts: [...accounts, state(step.role, true)] };
    case "change-account":
      return changed(catalog, step.account, (each) => ({
        ...each,
        isIam: true,
        hasOtherLogin: false,
        requiresTls: each.requiresTls || step.changes.includes("tls"),
        isLocked: each.isLocked && !step.changes.includes("unlock"),
        isExpired: false,
      }));
    case "lock-account":
      return changed(catalog, step.account, (each) => ({
        ...each,
        isLocked: true,
      }));
    case "drop-account":
      return dropped(catalog, step.account);
    case "grant-role":
      return {
        ...catalog,
        roleGrants: [...roleGrants, {
          role: step.role,
          member: step.account,
          isAdmin: false,
        }],
      };
    case "revoke-role":
      return {
        ...catalog,
        roleGrants: roleGrants.filter(({ role, member }) =>
          !isSameAccount(role, step.role) ||
          !isSameAccount(member, step.account)
        ),
      };
    case "default-roles":
      return {
        ...catalog,
        defaultRoles: [
          ...defaultRoles.filter(({ account }) =>
            !isSameAccount(account, step.account)
          ),
          ...step.roles.map((role) => ({ account: step.account, role })),
        ],
      };
    case "grant":
      return granted(catalog, step);
    case "revoke":
      return revoked(catalog, step);
  }
}

/** The catalog once these steps are done. */
export function mysqlCatalogAfter(
  catalog: MysqlCatalog,
  steps: readonly MysqlStep[],
): MysqlCatalog {
  return steps.reduce(afterStep, catalog);
}
