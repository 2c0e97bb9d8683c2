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

/** Does something on a server where the scenario has been set up, and takes all of it back. */
async function inScenario<Result>(
  { session }: World,
  scenario: Scenario,
  work: (as: AsAdministrator) => Promise<Result>,
): Promise<Result> {
  const who = quoteIdentifier(scenario.as);
  await session.run("BEGIN");
  try {
    await session.run("SELECT pg_temp.proof_run($1::text::jsonb)", [
      JSON.stringify(scenario.operations),
    ]);
    return await work(async (act) => {
      await session.run(`SET SESSION AUTHORIZATION ${who}`);
      const result = await act(nested(session));
      await session.run("RESET SESSION AUTHORIZATION");
      return result;
    });
  } finally {
    await session.run("ROLLBACK");
  }
}

type AsAdministrator = <Result>(
  act: (session: DatabaseSession) => Promise<Result>,
) => Promise<Result>;

/** What a deed changes for everybody. */
async function observeDeed<Result>(
  { session }: World,
  { wish }: Scenario,
  deed: () => Promise<Result>,
): Promise<{ before: Facts; after: Facts; result: Result }> {
  const before = await takeSnapshot(session, DEFAULT_OWNERS);
  const result = await deed();
  const dropped = droppedOf(wish);
  const left = DEFAULT_OWNERS.filter((owner) => !dropped.has(owner));
  return { before, after: await takeSnapshot(session, left), result };
}

/** What the administrator's doing changes for everybody; all of it is taken back. */
export async function observe(
  world: World,
  scenario: Scenario,
  act: (session: DatabaseSession) => Promise<void>,
): Promise<{ before: Facts; after: Facts }> {
  return await inScenario(
    world,
    scenario,
    (asAdministrator) =>
      observeDeed(world, scenario, () => asAdministrator(act)),
  );
}

function keptBy(after: Facts, outcome: Outcome, wish: Wish): readonly Fact[] {
  const saysWhy = outcome.plan.notices.some(({ kind }) => SAYS_WHY.test(kind));
  return saysWhy ? [] : stillHeld(after, wish);
}

/** Fulfils the wish, and compares the model of that with what the server has done. */
async function fulfilAndCompare(session: DatabaseSession, wish: Wish) {
  const before = await readCatalog(session, wish);
  const done = await tryWish(session, wish);
  if (done instanceof RdsiamError) return done;
  const { plan: { steps: again } } = await attempt(session, wish, LOOK);
  if (wish.kind === "grant") return { ...done, again, model: [] };
  const { plan } = done.outcome;
  const after = await readCatalog(session, wish);
  return { ...done, again, model: mismodelled({ before, plan, after }) };
}

/** Only says what there is to do. */
const LOOK = { apply: false, force: true };

function ended(error: RdsiamError): Round {
  const kind = error instanceof SqlError ? "failed" : "refused";
  return { kind, message: error.message };
}

async function look(session: DatabaseSession, wish: Wish) {
  try {
    return await attempt(session, wish, LOOK);
  } catch (error) {
    if (!(error instanceof RdsiamError)) throw error;
    return error;
  }
}

/** Plays it on the server, and takes all of it back. */
export async function playRound(
  world: World,
  scenario: Scenario,
): Promise<Round> {
  const { wish } = scenario;
  return await inScenario(world, scenario, async (asAdministrator) => {
    const seen = await asAdministrator((session) => look(session, wish));
    if (seen instanceof RdsiamError) return ended(seen);
    if (seen.plan.steps.length === 0) {
      const after = await takeSnapshot(world.session, DEFAULT_OWNERS);
      return { ...NOTHING, kept: keptBy(after, seen, wish) };
    }
    const { before, after, result } = await observeDeed(
      world,
      scenario,
      () => asAdministrator((session) => fulfilAndCompare(session, wish)),
    );
    if (result instanceof RdsiamError) return ended(result);
    const { outcome, forced, again, model } = result;
    const said = announcedBy(result, scenario);
    return {
      kind: "done",
      forced,
      steps: outcome.plan.steps.length,
      losses: said.losses,
      changes: unannounced(before, after, said),
      falseAlarms: falseAlarms(before, after, said),
      kept: keptBy(after, outcome, wish),
      again,
      model,
    };
  });
}

/** A round without a change. */
const NOTHING: Round = {
  kind: "done",
  forced: false,
  steps: 0,
  losses: [],
  changes: [],
  falseAlarms: [],
  kept: [],
  again: [],
  model: [],
};

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
