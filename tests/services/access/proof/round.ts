import type { Loss } from "../../../../core/access/check/loss.ts";
import { RdsiamError } from "../../../../core/errors.ts";
import type { DatabaseSession } from "../../../../core/database/database.ts";
import { SqlError } from "../../../../core/database/sql_error.ts";
import type { Wish } from "../../../../core/access/wish.ts";
import { quoteIdentifier } from "../../../../core/access/identifier.ts";
import { attempt, type Outcome } from "../../../../services/access/attempt.ts";
import {
  type Announced,
  type Change,
  droppedOf,
  type Facts,
  falseAlarms,
  stillHeld,
  unannounced,
} from "./changes.ts";
import { mismodelled, readCatalog } from "./model.ts";
import { DEFAULT_OWNERS, type Operation } from "./operations.ts";
import { type Fact, takeSnapshot } from "./snapshot.ts";
import type { World } from "./world.ts";

/** Who has what, and what is wished for then. */
export interface Scenario {
  readonly operations: readonly Operation[];
  readonly as: string;
  readonly wish: Wish;
}

/** How a round ended. */
export type Round =
  /** Refused before anything was tried. */
  | { readonly kind: "refused"; readonly message: string }
  /** The server refused a statement of the plan. */
  | { readonly kind: "failed"; readonly message: string }
  | {
    readonly kind: "done";
    readonly forced: boolean;
    /** How many statements ran. */
    readonly steps: number;
    readonly losses: readonly Loss[];
    /** What changed for anybody without a word. */
    readonly changes: readonly Change[];
    readonly falseAlarms: readonly Loss[];
    /** What was to be taken and is still there, without a note that says why. */
    readonly kept: readonly Fact[];
    /** Steps that the same wish would take again. */
    readonly again: readonly unknown[];
    /** Where the model of a revocation and the server differ. */
    readonly model: readonly string[];
  };

/** The transactions of access, within the one of the round. */
function nested(session: DatabaseSession): DatabaseSession {
  const INSTEAD = new Map([
    ["BEGIN ISOLATION LEVEL READ COMMITTED", "SAVEPOINT round"],
    ["COMMIT", "RELEASE SAVEPOINT round"],
    ["ROLLBACK", "ROLLBACK TO SAVEPOINT round"],
  ]);
  return {
    run: (sql, parameters) => session.run(INSTEAD.get(sql) ?? sql, parameters),
    abort() {},
    async [Symbol.asyncDispose]() {},
  };
}

async function tryWish(
  session: DatabaseSession,
  wish: Wish,
): Promise<{ outcome: Outcome; forced: boolean } | RdsiamError> {
  let refused: RdsiamError | undefined;
  for (const forced of [false, true]) {
    try {
      const options = { apply: true, force: forced };
      return { outcome: await attempt(session, wish, options), forced };
    } catch (error) {
      if (!(error instanceof RdsiamError)) throw error;
      refused = error;
      if (error.kind !== "usage") break;
    }
  }
  if (refused === undefined) throw new TypeError("A wish ends somehow");
  return refused;
}

function announcedBy(
  { outcome }: { outcome: Outcome },
  { as, wish }: Scenario,
): Announced {
  return {
    wish,
    administrator: as,
    losses: outcome.losses,
    lockedOut: new Set(outcome.lockouts.flatMap(({ roles }) => roles)),
  };
}

const SAYS_WHY = /-keeps$|^still-member$/;

/** What a deed changes for everybody; all of it is taken back. */
export async function observe<Result>(
  { session }: World,
  scenario: Scenario,
  act: (session: DatabaseSession) => Promise<Result>,
): Promise<{ before: Facts; after: Facts; result: Result }> {
  await session.run("BEGIN");
  try {
    await session.run("SELECT pg_temp.proof_run($1::text::jsonb)", [
      JSON.stringify(scenario.operations),
    ]);
    const before = await takeSnapshot(session, DEFAULT_OWNERS);
    await session.run(
      `SET SESSION AUTHORIZATION ${quoteIdentifier(scenario.as)}`,
    );
    const result = await act(nested(session));
    await session.run("RESET SESSION AUTHORIZATION");
    const dropped = droppedOf(scenario.wish);
    const after = await takeSnapshot(
      session,
      DEFAULT_OWNERS.filter((owner) => !dropped.has(owner)),
    );
    return { before, after, result };
  } finally {
    await session.run("ROLLBACK");
  }
}

/** Stops a round in which nothing was done. */
class Ended {
  constructor(readonly round: Round) {}
}

/** Plays it on the server, and takes all of it back. */
export async function playRound(
  world: World,
  scenario: Scenario,
): Promise<Round> {
  const { wish } = scenario;
  try {
    const { before, after, result } = await observe(
      world,
      scenario,
      async (session) => {
        const catalog = await readCatalog(session, wish);
        const done = await tryWish(session, wish);
        if (done instanceof RdsiamError) {
          const kind = done instanceof SqlError ? "failed" : "refused";
          throw new Ended({ kind, message: done.message });
        }
        const options = { apply: false, force: true };
        const { plan: { steps } } = await attempt(session, wish, options);
        const model = wish.kind === "revoke"
          ? mismodelled({
            before: catalog,
            plan: done.outcome.plan,
            after: await readCatalog(session, wish),
          })
          : [];
        return { ...done, again: steps, model };
      },
    );
    const { outcome: { plan }, forced, again, model } = result;
    const said = announcedBy(result, scenario);
    const saysWhy = plan.notices.some(({ kind }) => SAYS_WHY.test(kind));
    return {
      kind: "done",
      forced,
      steps: plan.steps.length,
      losses: said.losses,
      changes: unannounced(before, after, said),
      falseAlarms: falseAlarms(before, after, said),
      kept: saysWhy ? [] : stillHeld(after, wish),
      again,
      model,
    };
  } catch (error) {
    if (error instanceof Ended) return error.round;
    throw error;
  }
}

function describeFact(fact: Fact): string {
  const { kind, role, on, schema, name, part, privilege, grantOption } = fact;
  const where = [schema, name, part].filter((each) => each !== null).join(".");
  return `${role}: ${kind} ${privilege ?? ""}${
    grantOption ? " WITH GRANT OPTION" : ""
  } on ${on} ${where}`;
}

/** What a round shows to be wrong. */
export function problemsOf(round: Round): readonly string[] {
  if (round.kind !== "done") return [];
  return [
    ...round.changes.map(({ what, fact }) =>
      `${what} without a word: ${describeFact(fact)}`
    ),
    ...round.kept.map((fact) => `kept without a word: ${describeFact(fact)}`),
    ...round.model.map((each) => `modelled wrongly: ${each}`),
    ...round.again.map((step) => `to do again: ${JSON.stringify(step)}`),
  ];
}
