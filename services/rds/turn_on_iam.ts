import { RdsiamError } from "../../core/errors.ts";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { RdsApi } from "../../core/rds/rds_api.ts";
import type { RdsCluster, RdsInstance } from "../../core/rds/database.ts";
import { type IamChange, nameDatabase } from "../../core/rds/iam_change.ts";

/** How long RDS may take: as a rule it is a few minutes. */
const DEADLINE_MS = 15 * 60_000;

const READ_EVERY_MS = 10_000;

/** What turning IAM authentication on needs. */
export interface TurnOnPorts {
  rds: RdsApi;
  clock: Clock;
  /** Ends the waiting; what RDS was told it goes on with. */
  signal: AbortSignal;
  /** Tells of progress. */
  tell(message: string): void;
}

/**
 * Turns IAM authentication of a database on, where it is not, and waits until it is.
 *
 * @throws {RdsiamError} `failed`, when RDS does not come to an end in time, the waiting is ended, or the database is gone
 * @throws {AwsCallError} when a call is refused
 */
export async function turnOnIam(
  change: IamChange,
  ports: TurnOnPorts,
): Promise<void> {
  if (change.kind === "none") return;
  const { rds, tell } = ports;
  const { database } = change;
  const name = nameDatabase(database);
  if (change.kind === "turn on") {
    await rds.turnOnIam(database);
    tell(`${name}: RDS turns IAM authentication on; this takes minutes`);
  } else tell(`${name}: RDS is turning IAM authentication on already`);
  await untilOn(database, ports);
  tell(`${name}: IAM authentication is on`);
}

async function untilOn(
  database: RdsInstance | RdsCluster,
  { rds, clock, signal, tell }: TurnOnPorts,
): Promise<void> {
  const name = nameDatabase(database);
  const deadline = clock.now() + DEADLINE_MS;
  let status = "";
  while (true) {
    const now = await readAgain(database, rds, signal);
    if (signal.aborted) throw unfinished(name, "the waiting was ended");
    if (now === "gone") {
      throw new RdsiamError(
        "failed",
        `IAM authentication of ${name} was not turned on: it is gone`,
      );
    }
    if (now !== "unknown") {
      // While it configures this, the flag is up already.
      const isBusy = /^(modifying|configuring)/.test(now.status);
      if (now.iam === "on" && !isBusy) return;
      if (now.status !== status) tell(`${name}: ${now.status}`);
      status = now.status;
    }
    if (clock.now() >= deadline) {
      throw unfinished(
        name,
        `it is not on after ${DEADLINE_MS / 60_000} minutes`,
      );
    }
    await clock.sleep(READ_EVERY_MS, signal);
  }
}

/** Minutes are long: one answer that does not come is no reason to give up. */
async function readAgain(
  database: RdsInstance | RdsCluster,
  rds: RdsApi,
  signal: AbortSignal,
) {
  try {
    return await rds.read(database, signal) ?? "gone" as const;
  } catch (error) {
    if (signal.aborted) return "unknown" as const;
    const refusal = error instanceof AwsCallError ? error.refusal : undefined;
    if (refusal === "throttled" || refusal === "unreachable") {
      return "unknown" as const;
    }
    throw error;
  }
}

function unfinished(name: string, why: string): RdsiamError {
  return new RdsiamError(
    "failed",
    `IAM authentication of ${name} is not known to be on: ${why}`,
    { hint: "RDS goes on with it: run the same again to wait for it" },
  );
}
