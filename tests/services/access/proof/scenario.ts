import type fc from "fast-check";
import { subjectsOf } from "./changes.ts";
import { operationsAbout } from "./operations.ts";
import type { Scenario } from "./round.ts";
import { anyWish } from "./wishes.ts";

/** Roles with random memberships, privileges, policies and property, and a wish to change access. */
export const anyScenario: fc.Arbitrary<Scenario> = anyWish.chain(
  ({ as, wish }) =>
    operationsAbout([...subjectsOf(wish)])
      .map((operations) => ({ operations, as, wish })),
);
