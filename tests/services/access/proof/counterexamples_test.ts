/** What the random rounds have found, as small as it could be made. */
import assert from "node:assert/strict";
import type { Wish } from "../../../../core/access/wish.ts";
import { SUPERUSER } from "../../../adapters/postgres_server/fixture.ts";
import { revokeWish } from "../../../core/access/fixtures.ts";
import { onEachServerFolder } from "../real_server.ts";
import { MASTER } from "./names.ts";
import type { Operation } from "./operations.ts";
import { playRound, problemsOf } from "./round.ts";
import { createWorld, type World } from "./world.ts";

interface Counterexample {
  readonly title: string;
  /** Run beforehand, by the superuser unless it says who. */
  readonly given: readonly (string | Operation)[];
  readonly wish: Wish;
  /** Who loses what, as announced. */
  readonly losses: readonly string[];
}

const all = { remove: { reassignTo: null, dropRole: false } };

const COUNTEREXAMPLES: readonly Counterexample[] = [
  {
    title: "a member loses the default privileges of the leaver",
    given: [
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${MASTER} GRANT SELECT ON TABLES TO anna`,
      "GRANT anna TO lead",
    ],
    wish: revokeWish("anna", [], all),
    losses: ["lead default-privilege table SELECT"],
  },
  {
    title: "everybody calls a function with the rights of its new owner",
    given: [
      "ALTER FUNCTION sales.peek() OWNER TO anna",
      "GRANT USAGE ON SCHEMA sales TO PUBLIC",
    ],
    wish: revokeWish("anna", [], all),
    losses: ["PUBLIC function peek EXECUTE"],
  },
  {
    title: "the owner of a view on a view reads no more either",
    given: [
      { as: MASTER, sql: "GRANT SELECT ON public.people TO owners" },
      "ALTER VIEW public.people_view OWNER TO owners",
    ],
    wish: revokeWish("owners", [{
      kind: "table",
      schema: "public",
      names: "all",
      privileges: ["SELECT"],
    }], { users: [] }),
    losses: [
      "master view people_view SELECT",
      "master view people_again SELECT",
    ],
  },
  {
    title: "a column stays readable through PUBLIC, which is said",
    given: ["GRANT SELECT (id) ON public.people TO PUBLIC"],
    wish: revokeWish("anna", [{
      kind: "table",
      schema: "public",
      names: "all",
      privileges: ["SELECT"],
    }]),
    losses: [],
  },
  {
    title: "new functions can be executed by everybody, which is said",
    given: [],
    wish: revokeWish("anna", [{
      kind: "default",
      owner: MASTER,
      schema: "public",
      objects: "function",
      privileges: ["EXECUTE"],
    }]),
    losses: [],
  },
  {
    title: "who takes a table over had been granted it with grant option",
    given: [
      {
        as: MASTER,
        sql: "GRANT SELECT ON sales.accounts TO owners WITH GRANT OPTION",
      },
      "ALTER TABLE sales.accounts OWNER TO anna",
    ],
    wish: revokeWish("anna", [], {
      remove: { reassignTo: "owners", dropRole: false },
    }),
    losses: [],
  },
  {
    title: "a leaver reads on in its view, with the rights of its new owner",
    given: [
      "GRANT team TO anna",
      "ALTER VIEW public.people_view OWNER TO anna",
      "GRANT SELECT ON public.people_view TO team",
    ],
    wish: revokeWish("anna", [], all),
    losses: [
      "anna view people_view SELECT",
      "master view people_again DELETE",
      "master view people_again INSERT",
      "master view people_again SELECT",
      "master view people_again UPDATE",
      "team view people_view SELECT",
    ],
  },
  {
    title: "a member of the leaver can grant a role no more",
    given: [
      "GRANT anna TO lead",
      { as: MASTER, sql: "GRANT rds_iam TO anna WITH ADMIN OPTION" },
      "GRANT rds_iam TO lead",
    ],
    wish: revokeWish("anna", [], { iam: true }),
    losses: ["lead membership rds_iam ADMIN"],
  },
  {
    title:
      "who may read columns of a view reads with the rights of its new owner",
    given: [
      "ALTER VIEW public.people_view OWNER TO dora",
      { as: "dora", sql: "GRANT SELECT (id) ON public.people_view TO team" },
    ],
    wish: revokeWish("dora", [], all),
    losses: [
      "master view people_again DELETE",
      "master view people_again INSERT",
      "master view people_again SELECT",
      "master view people_again UPDATE",
      "team view people_view SELECT",
    ],
  },
  {
    title: "a policy asks whether somebody is in the group",
    given: [
      { as: MASTER, sql: "GRANT team TO anna" },
      "GRANT SELECT ON public.people TO anna",
      "ALTER TABLE public.people ENABLE ROW LEVEL SECURITY",
      "CREATE POLICY p1 ON public.people TO anna USING (pg_has_role(current_user, 'team', 'MEMBER'))",
    ],
    wish: revokeWish("anna", [], { groups: ["team"] }),
    losses: [],
  },
];

async function play(world: World, { given, wish }: Counterexample) {
  const operations = given.map((each) =>
    typeof each === "string" ? { as: SUPERUSER, sql: each } : each
  );
  const round = await playRound(world, { operations, as: MASTER, wish });
  assert.ok(round.kind === "done", JSON.stringify(round));
  assert.deepEqual(problemsOf(round), []);
  return round.losses.map(({ role, kind, object, privilege }) =>
    `${role} ${kind} ${object.name} ${privilege}`
  );
}

onEachServerFolder("counterexamples stay found", async (folder, t) => {
  await using world = await createWorld(folder);
  for (const each of COUNTEREXAMPLES) {
    await t.step(each.title, async () => {
      assert.deepEqual(await play(world, each), each.losses);
    });
  }
});
