import assert from "node:assert/strict";
import fc from "fast-check";
import { onEachServerFolder } from "../real_server.ts";
import { playRound, problemsOf } from "./round.ts";
import { anyScenario } from "./scenario.ts";
import { createWorld } from "./world.ts";

/** `deno task bench revoke` plays thousands, from other seeds. */
const ROUNDS = 50;

/** The same rounds each time: a test does not fail for what somebody else has changed. */
const SEED = 2026;

onEachServerFolder(
  "nobody loses or gains anything that a plan does not announce",
  async (folder) => {
    await using world = await createWorld(folder);
    await fc.assert(
      fc.asyncProperty(anyScenario, async (scenario) => {
        assert.deepEqual(problemsOf(await playRound(world, scenario)), []);
      }),
      // Otherwise many would begin with little to take.
      { numRuns: ROUNDS, seed: SEED, unbiased: true },
    );
  },
);
