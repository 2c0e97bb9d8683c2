import { RdsiamError } from "../../core/errors.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { RdsDatabase } from "../../core/rds/database.ts";
import {
  type IamChange,
  nameDatabase,
  planIamChange,
} from "../../core/rds/iam_change.ts";
import { turnOnIam } from "../../services/rds/turn_on_iam.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";

/** A database, and the AWS APIs of the identity that sees it. */
export interface VisibleDatabase {
  database: RdsDatabase;
  aws: AwsApis;
}

/** What is to be done to one of them. */
interface Task extends VisibleDatabase {
  change: IamChange;
}

/**
 * Plans how IAM authentication is turned on, tells it, and asks.
 *
 * @returns what there is to do
 * @throws {RdsiamError} `failed`, when it cannot be done or is not agreed to; `usage`, when there is nobody to ask
 */
export async function agreeToEnable(
  found: readonly VisibleDatabase[],
  { yes = false, dryRun = false, context, reporter }: {
    yes?: boolean;
    dryRun?: boolean;
    context: Pick<Context, "askText">;
    reporter: Reporter;
  },
): Promise<readonly Task[]> {
  const distinct = new Map(found.map((one) => [one.database.arn, one]));
  const tasks = [...distinct.values()].map((one) => ({
    ...one,
    change: planIamChange(one.database),
  }));
  for (const { database, change } of tasks) {
    reporter.info(`${nameDatabase(database)}: ${intent(change, database)}`);
  }
  if (yes || dryRun || tasks.every(({ change }) => change.kind !== "turn on")) {
    return tasks;
  }
  const answer = await context.askText("Turn it on, at once? (y/N)");
  if (answer !== undefined && /^\s*y(es)?\s*$/i.test(answer)) return tasks;
  throw answer === undefined
    ? new RdsiamError(
      "usage",
      "IAM authentication was not turned on: there is no terminal to ask on",
      { hint: "Add --yes to turn it on without a question" },
    )
    : new RdsiamError(
      "failed",
      "IAM authentication was not turned on: you did not agree",
    );
}

/**
 * Turns IAM authentication on and waits for it, all databases at a time.
 *
 * @throws {RdsiamError} as {@linkcode turnOnIam} does, of the first that fails
 */
export async function enable(
  tasks: readonly Task[],
  context: Pick<Context, "clock" | "stopSignal">,
  reporter: Reporter,
): Promise<void> {
  if (tasks.every(({ change }) => change.kind === "none")) return;
  const signal = context.stopSignal();
  const outcomes = await Promise.allSettled(
    tasks.map(({ change, aws }) =>
      turnOnIam(change, {
        rds: aws.rds,
        clock: context.clock,
        signal,
        tell: (message) => reporter.info(message),
      })
    ),
  );
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

function intent(
  change: IamChange,
  { region, resourceId, status }: RdsDatabase,
): string {
  switch (change.kind) {
    case "none":
      return "IAM authentication is on";
    case "wait":
      return "IAM authentication is being turned on already";
    case "turn on":
      return `IAM authentication is off, and would be turned on at once (${resourceId} in ${region}, ${status})`;
  }
}
