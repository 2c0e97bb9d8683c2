/** Whether `revoke`, `grant` and `setup-db` announce all that they change: random rounds on every server there is. */
// deno-lint-ignore-file no-console

import { SERVERS } from "../../tests/e2e/access/access.ts";
import {
  playRound,
  problemsOf,
  type Round,
  type Scenario,
} from "../../tests/services/access/proof/round.ts";
import { sample, shrink } from "../../tests/services/access/proof/scenario.ts";
import {
  createWorld,
  type World,
} from "../../tests/services/access/proof/world.ts";
import { writeResult } from "./report.ts";

/** On all servers together. */
const ROUNDS = Number(Deno.env.get("RDSIAM_BENCH_ROUNDS") ?? 2_000);

/** So many problems are looked into; each takes a while. */
const SHRUNK = 3;

/** How the rounds on a server ended. */
interface Tally {
  server: string;
  rounds: number;
  /** Something was changed without `--force`. */
  changed: number;
  /** Only with `--force`. */
  forced: number;
  /** All was as wished. */
  nothing: number;
  /** Refused beforehand. */
  refused: number;
  /** The server refused a statement, and nothing changed. */
  failed: number;
  /** Losses of others that were announced. */
  announced: number;
  /** Announced losses that did not come true. */
  falseAlarms: number;
  /** Rounds with a change that was not announced. */
  unannounced: number;
  secondsEach: number;
}

function count(tally: Tally, round: Round) {
  if (round.kind !== "done") {
    tally[round.kind]++;
    return;
  }
  if (round.steps === 0) tally.nothing++;
  else if (round.forced) tally.forced++;
  else tally.changed++;
  tally.announced += round.losses.length;
  tally.falseAlarms += round.falseAlarms.length;
}

function show(scenario: Scenario | undefined) {
  if (scenario === undefined) return;
  for (const { as, sql } of scenario.operations) console.log(`  ${as}: ${sql}`);
  console.log(`  ${scenario.as} wishes: ${JSON.stringify(scenario.wish)}`);
}

async function playRounds(
  world: World,
  seed: number,
  rounds: number,
): Promise<Tally> {
  const tally: Tally = {
    server: `PostgreSQL ${world.major}`,
    rounds,
    changed: 0,
    forced: 0,
    nothing: 0,
    refused: 0,
    failed: 0,
    announced: 0,
    falseAlarms: 0,
    unannounced: 0,
    secondsEach: 0,
  };
  const begin = performance.now();
  for (const [place, scenario] of sample(seed, rounds).entries()) {
    const round = await playRound(world, scenario);
    count(tally, round);
    const problems = problemsOf(round);
    const [first] = problems;
    if (first === undefined) continue;
    console.log(`${tally.server}, seed ${seed}, round ${place}:`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (++tally.unannounced <= SHRUNK) {
      show(await shrink(world, seed, place, first));
    }
  }
  const seconds = (performance.now() - begin) / 1000 / rounds;
  return { ...tally, secondsEach: Math.round(seconds * 1000) / 1000 };
}

/** Plays, prints a table and writes `bench/revoke.json`; the program fails when anything was not announced. */
export async function benchRevoke(): Promise<void> {
  const seed = Number(
    Deno.env.get("RDSIAM_BENCH_SEED") ?? Math.floor(Math.random() * 2 ** 31),
  );
  const rounds = Math.ceil(ROUNDS / SERVERS.length);
  const servers = await Promise.all(SERVERS.map(async (folder, index) => {
    await using world = await createWorld(folder);
    return await playRounds(world, seed + index, rounds);
  }));
  console.table(servers);
  await writeResult("revoke", { seed, servers });
  if (servers.some(({ unannounced }) => unannounced > 0)) Deno.exitCode = 1;
}

if (import.meta.main) await benchRevoke();
