import { RdsiamError } from "../../core/errors.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import { SqlError } from "../../core/database/sql_error.ts";

/** What work in a transaction leads to. */
export interface Work<Result> {
  result: Result;
  /** Whether to keep what was done. */
  commit: boolean;
}

/**
 * Does work in one READ COMMITTED transaction: all of it is kept or none.
 *
 * @param signal ends the session and so the transaction, until it is being committed
 * @throws {RdsiamError} `unreachable`, when the connection is lost; `failed`, when the signal aborts; and what the work throws
 */
export async function inTransaction<Result>(
  session: DatabaseSession,
  work: () => Promise<Work<Result>>,
  signal?: AbortSignal,
): Promise<Result> {
  const abort = () => session.abort();
  signal?.addEventListener("abort", abort);
  let isCommitting = false;
  try {
    signal?.throwIfAborted();
    await session.run("BEGIN ISOLATION LEVEL READ COMMITTED");
    const { result, commit } = await work();
    signal?.throwIfAborted();
    isCommitting = commit;
    signal?.removeEventListener("abort", abort);
    await session.run(commit ? "COMMIT" : "ROLLBACK");
    return result;
  } catch (cause) {
    if (signal?.aborted && !isCommitting) throw stopped(cause);
    if (!(cause instanceof SqlError && cause.isConnectionLost)) {
      await rollBack(session);
      throw cause;
    }
    throw isCommitting ? unconfirmed(cause) : interrupted(cause);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

async function rollBack(session: DatabaseSession): Promise<void> {
  try {
    await session.run("ROLLBACK");
  } catch {
    // The session is gone, and the transaction with it.
  }
}

function stopped(cause: unknown): RdsiamError {
  return new RdsiamError("failed", "Stopped before the end: nothing changed", {
    cause,
  });
}

function interrupted(cause: SqlError): RdsiamError {
  return new RdsiamError(
    "unreachable",
    `The connection to the database was lost: nothing changed`,
    { hint: "Run the same again", cause },
  );
}

function unconfirmed(cause: SqlError): RdsiamError {
  return new RdsiamError(
    "unreachable",
    "The connection to the database was lost while it committed: either all was done or nothing",
    { hint: "Run the same again: what is done is not done twice", cause },
  );
}
