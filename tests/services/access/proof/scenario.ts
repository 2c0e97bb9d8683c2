import fc from "fast-check";
import { subjectsOf } from "./changes.ts";
import { operationsAbout } from "./operations.ts";
import { playRound, problemsOf, type Scenario } from "./round.ts";
import { anyWish } from "./wishes.ts";
import type { World } from "./world.ts";

/** Roles with random memberships, privileges, policies and property, and a wish to change access. */
export const anyScenario: fc.Arbitrary<Scenario> = anyWish.chain(
  ({ as, wish }) =>
    operationsAbout([...subjectsOf(wish)])
      .map((operations) => ({ operations, as, wish })),
);

/** The first scenarios of a seed. */
export function sample(seed: number, rounds: number): readonly Scenario[] {
  return fc.sample(anyScenario, { seed, numRuns: rounds, unbiased: true });
}

/** The smallest scenario found that has this problem, as the one at this place of {@linkcode sample} has. */
export async function shrink(
  world: World,
  seed: number,
  place: number,
  problem: string,
): Promise<Scenario | undefined> {
  const holds = fc.asyncProperty(
    anyScenario,
    async (scenario) =>
      !problemsOf(await playRound(world, scenario)).includes(problem),
  );
  const { counterexample } = await fc.check(holds, {
    seed,
    path: `${place}`,
    unbiased: true,
  });
  return counterexample?.[0];
}
