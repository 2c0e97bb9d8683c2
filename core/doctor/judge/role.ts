import { displayName } from "../../access/identifier.ts";
import { nearest } from "../../text/nearest.ts";
import type { Target } from "../../target/target.ts";
import type { Finding, Symptom } from "../check.ts";
import { commandFor, type TargetWords } from "../command.ts";
import type { RoleFacts } from "./role_facts.ts";

/** What remedies for a role repeat. */
export interface RoleContext {
  target: Target;
  words: TargetWords;
  /** The options that name the administrator; `undefined` where nothing does. */
  admin: readonly string[] | undefined;
  /** Whether the way leads through RDS Proxy, which logs in to the database in its own way. */
  isBehindRdsProxy: boolean;
}

/** Whether a role is one that logs in with tokens. */
export function judgeRole(facts: RoleFacts, context: RoleContext): Finding {
  const { username } = context.target;
  const role = displayName(username);
  if (!facts.exists) return missingRole(facts, context);
  if (context.isBehindRdsProxy) {
    return { status: "ok", detail: `${role} is there; the proxy logs it in` };
  }
  if (!facts.hasRdsIam) {
    return suspect(
      `there is no role rds_iam: this is not an RDS database`,
      undefined,
    );
  }
  if (!facts.isIam) {
    return suspect(
      `role ${role} is not in rds_iam`,
      setupCommand(context.words, context.admin),
    );
  }
  if (!facts.canLogin) {
    return suspect(
      `role ${role} may not log in`,
      setupCommand(context.words, context.admin),
    );
  }
  if (facts.isReplication) {
    return {
      status: "warning",
      detail:
        `${role} is in rds_iam, and no token is good for replication, which it may`,
    };
  }
  return { status: "ok", detail: `${role} is in rds_iam` };
}

/** What a role may do in the database, once it is in. */
export function judgeAccess(
  { canConnect, canUsePublic, exists }: RoleFacts,
  context: RoleContext,
): Finding {
  const { target: { database }, words } = context;
  if (!exists) return { status: "skipped", detail: "there is no such role" };
  const connect = `CONNECT on ${displayName(database)}`;
  if (!canConnect) {
    return {
      status: "suspect",
      kind: "refused",
      detail: `${connect} is missing`,
      remedy: setupCommand(context.words, context.admin),
      explains: ["refused"],
    };
  }
  if (canUsePublic === false) {
    return {
      status: "warning",
      detail: `${connect}, no USAGE on schema public`,
      remedy: commandFor(["grant"], words, {
        rest: ["--preset", "readonly", ...adminOptions(context.admin)],
      }),
    };
  }
  const usage = canUsePublic === undefined
    ? "there is no schema public"
    : "USAGE on schema public";
  return { status: "ok", detail: `${connect}, ${usage}` };
}

function missingRole(
  { logins }: RoleFacts,
  context: RoleContext,
): Finding {
  const { target: { username }, words } = context;
  const role = displayName(username);
  const meant = nameMeant(username, logins);
  return meant === undefined
    ? suspect(
      `role ${role} does not exist`,
      setupCommand(context.words, context.admin),
    )
    : suspect(
      `role ${role} does not exist, ${displayName(meant.name)} does${
        meant.isTwin ? ": capitals matter" : ""
      }`,
      commandFor(["doctor"], words, { changes: { username: meant.name } }),
    );
}

/** The name that was meant by one that is not there, and whether only capitals differ. */
export function nameMeant(
  username: string,
  names: readonly string[],
): { name: string; isTwin: boolean } | undefined {
  const twin = names.find((name) =>
    name.toLowerCase() === username.toLowerCase()
  );
  const name = twin ?? nearest(username, names);
  return name === undefined ? undefined : { name, isTwin: twin !== undefined };
}

/**
 * A role that is not let in, or not by a token.
 *
 * @param explains what that shows by
 */
export function suspect(
  detail: string,
  remedy: string | undefined,
  explains: readonly Symptom[] = ["password", "refused"],
): Finding {
  return {
    status: "suspect",
    kind: "refused",
    detail,
    remedy,
    explains,
  };
}

/**
 * The command that creates the role where it is missing, lets it log in, and puts it into `rds_iam`.
 *
 * @param admin the options that name the administrator
 * @param master who that is, where nothing says so
 */
export function setupCommand(
  words: TargetWords,
  admin: readonly string[] | undefined,
  master?: string,
): string {
  return commandFor(["setup-db"], words, { rest: adminOptions(admin, master) });
}

/** The options that name the administrator, as {@linkcode setupCommand} writes them. */
export function adminOptions(
  admin: readonly string[] | undefined,
  master = "postgres",
): readonly string[] {
  return admin ?? ["--admin-username", master];
}
