import { displayName } from "../../access/identifier.ts";
import { quoteAccount } from "../../access/mysql/quote.ts";
import { commandFor } from "../command.ts";
import type { Finding } from "../check.ts";
import { hostsFor } from "./mysql_hosts.ts";
import { MASTER, unlock } from "./mysql_login.ts";
import type {
  MysqlAccount,
  MysqlAccountFacts,
  MysqlSelfFacts,
} from "./mysql_account_facts.ts";
import {
  adminOptions,
  nameMeant,
  type RoleContext,
  setupCommand,
  suspect as suspectRole,
} from "./role.ts";

/** The plugin of accounts that log in with tokens. */
const IAM_PLUGIN = "AWSAuthenticationPlugin";

/** Which account let the user in. */
export function judgeOwnAccount({ account }: MysqlSelfFacts): Finding {
  const at = account.lastIndexOf("@");
  const name = quoteAccount(account.slice(0, at), account.slice(at + 1));
  return { status: "ok", detail: `${name} is an IAM account` };
}

/** What a user may see who is in. */
export function judgeOwnAccess(
  { databases }: MysqlSelfFacts,
  { target: { database }, words, admin }: RoleContext,
): Finding {
  if (database !== "") {
    return {
      status: "ok",
      detail: `database ${displayName(database)} is open`,
    };
  }
  if (databases > 0) {
    const many = databases === 1 ? "1 database" : `${databases} databases`;
    return { status: "ok", detail: `${many} to use` };
  }
  return {
    status: "warning",
    detail: "no database to use: nothing is granted",
    remedy: commandFor(["grant"], words, {
      rest: ["--preset", "readonly", ...adminOptions(admin, MASTER)],
    }),
  };
}

/** Whether the account that the server would take is one that logs in with tokens, as an administrator sees it. */
export function judgeAccount(
  { accounts, clientHost }: MysqlAccountFacts,
  context: RoleContext,
): Finding {
  const { username } = context.target;
  const own = accounts.filter(({ user }) => user === username);
  if (own.length === 0) return missingAccount(accounts, context);
  if (context.isBehindRdsProxy) {
    return {
      status: "ok",
      detail: `${nameOf(own)} is there; the proxy logs it in`,
    };
  }
  const [taken, ...others] = hostsFor(own, clientHost);
  if (taken === undefined) {
    return suspect(
      `${nameOf(own)} is not for this machine's address, ${clientHost}`,
      setup(context),
    );
  }
  if (taken.plugin !== IAM_PLUGIN) return otherPlugin(taken, others, context);
  const name = nameOf([taken]);
  if (taken.isLocked) {
    return suspect(`${name} is locked`, unlock(username, taken.host));
  }
  if (!taken.requiresTls) {
    return {
      status: "warning",
      detail: `${name} is an IAM account that does not REQUIRE SSL`,
      remedy: setup(context, taken.host),
    };
  }
  return { status: "ok", detail: `${name} is an IAM account` };
}

function otherPlugin(
  taken: MysqlAccount,
  others: readonly MysqlAccount[],
  context: RoleContext,
): Finding {
  const iam = others.find(({ plugin }) => plugin === IAM_PLUGIN);
  const name = nameOf([taken]);
  return suspect(
    iam === undefined
      ? `${name} is no IAM account: it logs in by ${taken.plugin}`
      : `${name} logs in by ${taken.plugin}, and is taken before ${
        nameOf([iam])
      }, since its host is more specific`,
    setup(context, taken.host),
  );
}

function missingAccount(
  accounts: readonly MysqlAccount[],
  context: RoleContext,
): Finding {
  const { target: { username }, words } = context;
  const missing = `there is no account ${displayName(username)}`;
  const meant = nameMeant(username, accounts.map(({ user }) => user));
  return meant === undefined ? suspect(missing, setup(context)) : suspect(
    `${missing}, ${displayName(meant.name)} is there${
      meant.isTwin ? ": capitals matter" : ""
    }`,
    commandFor(["doctor"], words, { changes: { username: meant.name } }),
  );
}

function nameOf(accounts: readonly MysqlAccount[]): string {
  return accounts.map(({ user, host }) => quoteAccount(user, host)).join(", ");
}

function setup({ words, admin }: RoleContext, host = "%"): string {
  return setupCommand(
    words,
    host === "%"
      ? admin
      : ["--host-pattern", host, ...adminOptions(admin, MASTER)],
    MASTER,
  );
}

/** MariaDB may ask for a token and refuse it where there is no account, so as not to tell. */
function suspect(detail: string, remedy: string): Finding {
  return suspectRole(detail, remedy, ["password", "refused", "token"]);
}
