import { scopeOf, type Wish } from "../../core/access/wish.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import { attempt, type AttemptOptions, type Outcome } from "./attempt.ts";
import { membersAdded, proveLogin } from "./prove_login.ts";
import { isCollision } from "./statement_errors.ts";

/** What {@linkcode fulfil} needs from outside. */
export interface FulfilPorts {
  /** Logs in as the administrator; it may be called again, and does the same. */
  logIn: () => Promise<DatabaseSession>;
  /** Begins to listen for the wish to stop. Called once there is something to stop in good order. */
  stopSignal: () => AbortSignal;
}

/**
 * Makes a database as it is wished, in one transaction, and changes nothing that is so already. What would lock
 * somebody out is refused beforehand; what cannot be known beforehand is tried out, and taken back when it does.
 *
 * @throws {RdsiamError} `usage`, when the wish names what is not there or would lock somebody out; `failed`, when a
 * right is missing; `unreachable` and `refused` as logging in does
 */
export async function fulfil(
  wish: Wish,
  ports: FulfilPorts,
  options: AttemptOptions,
): Promise<Outcome> {
  scopeOf(wish); // refuses names that nothing can have, before anybody logs in
  await using session = await ports.logIn();
  const signal = options.apply ? ports.stopSignal() : undefined;
  const outcome = await onceMore(() => attempt(session, wish, options, signal));
  // Always, not only when the catalog shows a risk: RDS's own rules are not all in it.
  if (outcome.isApplied && membersAdded(outcome.plan).length > 0) {
    await proveLogin(session, outcome, ports.logIn);
  }
  return outcome;
}

/** Somebody with the same wish may have been quicker: what is left is planned anew, once. */
async function onceMore(
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!isCollision(error)) throw error;
    return await work();
  }
}
