import { displayName, quoteIdentifier } from "../../core/access/identifier.ts";
import type { Plan, Step } from "../../core/access/plan.ts";
import { RDS_IAM } from "../../core/access/role_name.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import { attempt, type Outcome, runStatements } from "./attempt.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Proves that the administrator can still log in, while the session that could take the grant back is open. Whether
 * RDS counts the ADMIN option that PostgreSQL 16 gives a role's creator as membership in `rds_iam` is not documented;
 * stock PostgreSQL does, and would ask the administrator for a token from now on.
 *
 * @throws {RdsiamError} `failed`, when it cannot; what was granted is taken back then
 */
export async function proveLogin(
  session: DatabaseSession,
  outcome: Outcome,
  logIn: () => Promise<DatabaseSession>,
): Promise<void> {
  try {
    await using _second = await logIn();
  } catch (cause) {
    const users = membersAdded(outcome.plan);
    const rest = await takeBack(session, outcome.plan, users);
    const why = errorMessage(cause);
    const who = displayName(outcome.administrator);
    throw new RdsiamError(
      "failed",
      `Granting ${RDS_IAM} to ${
        users.map(displayName).join(", ")
      } was taken back: ${who} could not log in any more (${why})`,
      {
        hint: `${isRefusal(cause) ? WAY_ON : TRY_AGAIN}${rest}`,
        cause,
      },
    );
  }
}

const WAY_ON =
  "Whoever creates a role on this server counts as its member: let a superuser create it, or an administrator who logs in with a token (--admin-iam)";

const TRY_AGAIN = "Run the same again when logging in works";

function isRefusal(cause: unknown): boolean {
  return cause instanceof RdsiamError && cause.kind === "refused";
}

/** The roles that the plan puts into `rds_iam`. */
export function membersAdded(plan: Plan): readonly string[] {
  return plan.steps.flatMap((step) =>
    step.kind === "grant-membership" && step.role === RDS_IAM
      ? [step.member]
      : []
  );
}

/**
 * Takes `rds_iam` back and, since nobody else could use them without the same trouble, drops the roles that this run
 * has created.
 *
 * @returns what is left to say of the roles
 * @throws {RdsiamError} `failed`, with what to do by hand, when the grant stays
 */
async function takeBack(
  session: DatabaseSession,
  plan: Plan,
  users: readonly string[],
): Promise<string> {
  const steps = users.map((member): Step => ({
    kind: "revoke-membership",
    role: RDS_IAM,
    member,
    grantor: null,
    cascade: false,
  }));
  try {
    await inTransaction(session, async () => {
      await runStatements(session, { ...plan, steps });
      return { result: undefined, commit: true };
    });
  } catch (cause) {
    const names = users.map(quoteIdentifier).join(", ");
    throw new RdsiamError(
      "failed",
      `Granting ${RDS_IAM} has cost the administrator its login, and could not be taken back`,
      {
        hint:
          `As another administrator, or with a token, run: REVOKE ${RDS_IAM} FROM ${names}`,
        cause,
      },
    );
  }
  const created = plan.steps.flatMap((step) =>
    step.kind === "create-role" && users.includes(step.role) ? [step.role] : []
  );
  const kept = users.filter((user) => !created.includes(user));
  const dropped = await dropRoles(session, created);
  const left = dropped ? kept : users;
  return left.length === 0
    ? ""
    : `; drop role ${left.map(displayName).join(", ")} first`;
}

async function dropRoles(
  session: DatabaseSession,
  users: readonly string[],
): Promise<boolean> {
  try {
    await attempt(session, {
      kind: "revoke",
      users,
      iam: false,
      groups: [],
      grantees: [],
      privileges: [],
      remove: { reassignTo: null, dropRole: true },
    }, { apply: true, force: true });
    return true;
  } catch {
    // What counts is done: nobody is locked out. The roles are reported.
    return false;
  }
}
