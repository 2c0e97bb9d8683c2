import type { Account } from "./account.ts";
import type { Holding } from "./catalog.ts";
import { sessionSql } from "./catalog_queries.ts";
import type { Dialect } from "./dialect.ts";
import type { MysqlPlan, MysqlStep } from "./plan.ts";
import { GRANT_OPTION } from "./privilege.ts";
import { quoteAccount, quoteName, quoteText } from "./quote.ts";

/** What has an account log in with IAM (RDS User Guide, "Creating a database account using IAM authentication"). */
const IAM_LOGIN = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";

/** An account or role. A host is written out wherever there is one. */
function nameOf({ user, host }: Account): string {
  return host === "" ? quoteText(user) : quoteAccount(user, host);
}

function onSql(on: Holding): string {
  // A pattern keeps its escapes: only here a name is one.
  if (on.kind === "database") return `${quoteName(on.pattern)}.*`;
  const object = `${quoteName(on.database)}.${quoteName(on.name)}`;
  return on.kind === "table" ? object : `${on.kind.toUpperCase()} ${object}`;
}

/** The statement of a step; each is one. */
export function stepSql(step: MysqlStep, dialect: Dialect): string {
  switch (step.kind) {
    case "create-account":
      return `CREATE USER ${nameOf(step.account)} ${IAM_LOGIN} REQUIRE SSL`;
    case "change-account": {
      const { account, changes } = step;
      // Whoever asks for a client's certificate goes on asking for it.
      const tls = changes.includes("tls") ? " REQUIRE SSL" : "";
      const unlock = changes.includes("unlock") ? " ACCOUNT UNLOCK" : "";
      return `ALTER USER ${nameOf(account)} ${IAM_LOGIN}${tls}${unlock}`;
    }
    case "lock-account":
      return `ALTER USER ${nameOf(step.account)} ACCOUNT LOCK`;
    case "drop-account":
      return `DROP USER ${nameOf(step.account)}`;
    case "create-role":
      return `CREATE ROLE ${nameOf(step.role)}`;
    case "grant-role":
      return `GRANT ${nameOf(step.role)} TO ${nameOf(step.account)}`;
    case "revoke-role":
      return `REVOKE ${nameOf(step.role)} FROM ${nameOf(step.account)}`;
    case "default-roles": {
      const roles = step.roles.map(nameOf).join(", ") || "NONE";
      const word = dialect === "mariadb" ? "FOR" : "TO";
      return `SET DEFAULT ROLE ${roles} ${word} ${nameOf(step.account)}`;
    }
    case "grant": {
      const given = step.privileges.filter((each) => each !== GRANT_OPTION);
      const option = step.privileges.length > given.length
        ? ` WITH ${GRANT_OPTION}`
        : "";
      return `GRANT ${given.join(", ")} ON ${onSql(step.on)} TO ${
        nameOf(step.account)
      }${option}`;
    }
    case "revoke":
      return `REVOKE ${step.privileges.join(", ")} ON ${onSql(step.on)} FROM ${
        nameOf(step.account)
      }`;
  }
}

/** The statements of a plan, in their order. */
export function statementsOf(
  { steps, version }: MysqlPlan,
): readonly string[] {
  return steps.map((step) => stepSql(step, version.dialect));
}

/** A plan as a script for `mysql` or any other client. Empty without steps. */
export function scriptOf(plan: MysqlPlan): string {
  const statements = statementsOf(plan);
  return statements.length === 0
    ? ""
    : [...sessionSql(plan.version), ...statements].map((sql) => `${sql};\n`)
      .join("");
}
