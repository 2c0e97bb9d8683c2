/** A proof that sees nothing would find nothing wrong: here statements run that no plan announces. */
import assert from "node:assert/strict";
import type { RevokeWish } from "../../../../core/access/wish.ts";
import { revokeWish } from "../../../core/access/fixtures.ts";
import { stillHeld, unannounced } from "./changes.ts";
import { SUPERUSER } from "../../../adapters/postgres_server/fixture.ts";
import type { Operation } from "./operations.ts";
import { MASTER } from "./names.ts";
import { observe } from "./round.ts";
import { createWorld, type World } from "./world.ts";

interface Deed {
  /** What is done for the wish, although the wish does not say so. */
  readonly title: string;
  /** Run beforehand, by the superuser unless it says who. */
  readonly given: readonly (string | Operation)[];
  readonly wish: RevokeWish;
  readonly statements: readonly string[];
  /** What has to be found. */
  readonly found: readonly string[];
  /** Since this version; earlier ones do something else. */
  readonly since?: number;
}

const all = { remove: { reassignTo: null, dropRole: false } };

const DEEDS: readonly Deed[] = [
  {
    title: "a login that the leaver granted goes with it",
    given: [
      "GRANT rds_iam TO anna WITH ADMIN OPTION",
      { as: "anna", sql: "GRANT rds_iam TO cleo" },
    ],
    wish: revokeWish("anna", [], { iam: true }),
    statements: ["REVOKE rds_iam FROM anna GRANTED BY rdsadmin CASCADE"],
    found: ["lost login cleo rds_iam IAM"],
    since: 16,
  },
  {
    title: "a privilege on another database, and the ownership of one",
    given: [
      "REVOKE ALL ON DATABASE other FROM PUBLIC",
      "GRANT CONNECT ON DATABASE other TO anna",
      "ALTER DATABASE third OWNER TO anna",
    ],
    wish: revokeWish("anna", [], all),
    statements: [`REASSIGN OWNED BY anna TO ${MASTER}`, "DROP OWNED BY anna"],
    found: [
      "lost privilege anna other CONNECT",
      "lost ownership anna third null",
    ],
  },
  {
    title: "a policy goes with the privileges, and rows come to light",
    given: [
      "ALTER TABLE sales.accounts ENABLE ROW LEVEL SECURITY",
      "GRANT SELECT ON sales.accounts TO PUBLIC",
      "GRANT USAGE ON SCHEMA sales TO PUBLIC",
      "CREATE POLICY p1 ON sales.accounts USING (true)",
      "CREATE POLICY p2 ON sales.accounts AS RESTRICTIVE TO anna USING (tenant = 'b')",
    ],
    wish: revokeWish("anna", [], all),
    statements: ["DROP OWNED BY anna"],
    found: ["lost policy anna p2 null", "gained row anna accounts null"],
  },
  {
    title: "columns stay readable",
    given: ["GRANT SELECT (secret) ON public.people TO anna"],
    wish: revokeWish("anna", [{
      kind: "table",
      schema: "public",
      names: "all",
      privileges: ["SELECT"],
    }]),
    statements: [],
    found: ["held privilege anna people SELECT"],
  },
  {
    title: "new tables stay readable through a row for all schemas",
    given: [
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${MASTER} GRANT SELECT ON TABLES TO anna`,
    ],
    wish: revokeWish("anna", [{
      kind: "default",
      owner: MASTER,
      schema: "public",
      objects: "table",
      privileges: ["SELECT"],
    }]),
    statements: [],
    found: ["held default-privilege anna table SELECT"],
  },
  {
    title: "a table stays readable through a group",
    given: ["GRANT SELECT ON public.people TO team", "GRANT team TO anna"],
    wish: revokeWish("anna", [{
      kind: "table",
      schema: "public",
      names: "all",
      privileges: ["SELECT"],
    }]),
    statements: [],
    found: ["held privilege anna people SELECT"],
  },
  {
    title: "what the leaver passed on goes with it",
    given: [
      "GRANT SELECT ON public.people TO anna WITH GRANT OPTION",
      { as: "anna", sql: "GRANT SELECT ON public.people TO cleo" },
    ],
    wish: revokeWish("anna", [{
      kind: "table",
      schema: "public",
      names: "all",
      privileges: ["SELECT"],
    }]),
    statements: ["REVOKE SELECT ON public.people FROM anna CASCADE"],
    found: ["lost privilege cleo people SELECT", "lost row cleo people null"],
  },
];

async function found(world: World, deed: Deed): Promise<ReadonlySet<string>> {
  const { wish, given, statements } = deed;
  const operations = given.map((each) =>
    typeof each === "string" ? { as: SUPERUSER, sql: each } : each
  );
  const scenario = { operations, as: SUPERUSER, wish };
  const { before, after } = await observe(world, scenario, async (session) => {
    for (const sql of statements) await session.run(sql);
  });
  const said = {
    wish,
    administrator: MASTER,
    losses: [],
    lockedOut: new Set<string>(),
  };
  return new Set([
    ...unannounced(before, after, said).map(({ what, fact }) =>
      `${what} ${fact.kind} ${fact.role} ${fact.name} ${fact.privilege}`
    ),
    ...stillHeld(after, wish).map((fact) =>
      `held ${fact.kind} ${fact.role} ${fact.name} ${fact.privilege}`
    ),
  ]);
}

Deno.test({
  name: "the comparison sees what a plan would have to announce",
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(t) {
    await using world = await createWorld(undefined);
    for (const deed of DEEDS) {
      if (world.major < (deed.since ?? 0)) continue;
      await t.step(deed.title, async () => {
        const seen = await found(world, deed);
        for (const each of deed.found) {
          assert.ok(
            seen.has(each),
            `${each} is not among\n${[...seen].join("\n")}`,
          );
        }
      });
    }
  },
});
