import assert from "node:assert/strict";
import fc from "fast-check";
import type { Plan, Step } from "../../../../core/access/plan.ts";
import {
  scriptOf,
  statementsOf,
} from "../../../../core/access/postgres/statements.ts";
import { describePlan } from "../../../../core/access/describe_plan.ts";
import { anyName } from "../arbitraries.ts";
import { tokens } from "../sql_lexer.ts";

function planOf(steps: readonly Step[], serverVersion = 150018): Plan {
  return {
    serverVersion,
    database: "app",
    subjects: [],
    steps,
    already: [],
    notices: [],
  };
}

/** Every kind of step with these names, and the names in the order its statements have them. */
function stepsWith(
  a: string,
  b: string,
  c: string,
): readonly (readonly [Step, readonly string[]])[] {
  return [
    [{ kind: "create-role", role: a, login: true }, [a]],
    [{ kind: "allow-login", role: a }, [a]],
    [
      { kind: "grant-membership", role: a, member: b, inherit: true },
      [a, b],
    ],
    [
      {
        kind: "revoke-membership",
        role: a,
        member: b,
        grantor: c,
        cascade: true,
      },
      [a, b, c],
    ],
    [
      {
        kind: "keep-membership",
        role: a,
        member: b,
        admin: true,
        inherit: false,
        set: true,
        by: c,
        grantor: a,
      },
      [a, b, c],
    ],
    [
      {
        kind: "grant-privileges",
        privileges: ["USAGE"],
        on: { kind: "schema", name: a },
        grantee: b,
      },
      [a, b],
    ],
    [
      {
        kind: "grant-privileges",
        privileges: ["SELECT", "INSERT"],
        on: {
          kind: "table",
          schema: a,
          objects: [
            { name: b, argumentTypes: [] },
            { name: c, argumentTypes: [] },
          ],
          count: 2,
        },
        grantee: c,
      },
      [a, b, a, c, c],
    ],
    [
      {
        kind: "revoke-privileges",
        privileges: ["EXECUTE"],
        on: {
          kind: "function",
          schema: a,
          objects: [{ name: b, argumentTypes: [{ schema: c, name: a }] }],
          count: 1,
        },
        grantee: b,
        grantor: c,
        as: c,
        cascade: true,
      },
      [c, a, b, c, a, b],
    ],
    [
      {
        kind: "keep-privileges",
        privileges: ["SELECT", "UPDATE"],
        on: {
          kind: "table",
          schema: a,
          objects: [{ name: b, argumentTypes: [] }],
          count: 1,
        },
        column: c,
        grantee: b,
        grantOption: true,
        by: null,
        as: c,
        grantor: a,
      },
      [c, c, c, a, b, b],
    ],
    ...(["type", "language", "foreign-data-wrapper", "foreign-server"] as const)
      .map((kind): readonly [Step, readonly string[]] => [
        {
          kind: "revoke-privileges",
          privileges: ["USAGE"],
          on: { kind, schema: kind === "type" ? a : null, name: b },
          grantee: c,
          grantor: null,
          as: null,
          cascade: false,
        },
        kind === "type" ? [a, b, c] : [b, c],
      ]),
    [
      {
        kind: "grant-default-privileges",
        privileges: ["SELECT"],
        owner: a,
        schema: b,
        objects: "table",
        grantee: c,
      },
      [a, b, c],
    ],
    [
      {
        kind: "revoke-default-privileges",
        privileges: ["EXECUTE"],
        owner: a,
        schema: null,
        objects: "function",
        grantee: null,
      },
      [a],
    ],
    [
      { kind: "reassign-owned", role: a, to: b, counts: {}, only: null },
      [a, b],
    ],
    [{ kind: "drop-user-mapping", role: a, server: b, as: c }, [c, a, b]],
    [
      {
        kind: "narrow-policy",
        schema: a,
        table: b,
        name: c,
        from: [b],
        to: [],
      },
      [c, a, b],
    ],
    [
      {
        kind: "narrow-policy",
        schema: a,
        table: b,
        name: c,
        from: [a],
        to: [b, c],
      },
      [c, a, b, b, c],
    ],
    [{ kind: "drop-role", role: a }, [a]],
  ];
}

/** What tells apart the steps of one kind. */
function shapeOf(step: Step): string {
  const on = "on" in step ? step.on.kind : "";
  return `${step.kind} ${on} ${
    step.kind === "narrow-policy" && step.to.length
  }`;
}

Deno.test("statementsOf() holds names as names and nothing of them as SQL", () => {
  const harmless = new Map(
    stepsWith("x", "x", "x").map(([step]) => [
      shapeOf(step),
      statementsOf(planOf([step])).map(({ sql }) =>
        tokens(sql).filter(({ kind }) => kind !== "name")
      ),
    ]),
  );
  fc.assert(
    fc.property(anyName, anyName, anyName, (a, b, c) => {
      for (const [step, names] of stepsWith(a, b, c)) {
        const found = statementsOf(planOf([step])).map(({ sql }) =>
          tokens(sql)
        );
        assert.deepEqual(
          found.flat().filter(({ kind }) => kind === "name").map(({ text }) =>
            text
          ),
          names,
        );
        assert.deepEqual(
          found.map((each) => each.filter(({ kind }) => kind !== "name")),
          harmless.get(shapeOf(step)),
        );
      }
    }),
  );
});

Deno.test("describePlan() gives one line a step, whatever the names", () => {
  fc.assert(
    fc.property(anyName, anyName, anyName, (a, b, c) => {
      for (const [step] of stepsWith(a, b, c)) {
        const [line] = describePlan(planOf([step]));
        assert.doesNotMatch(line?.text ?? "\n", /\p{Cc}/u);
      }
    }),
  );
});

Deno.test("statementsOf() grants on 500 tables at a time", () => {
  const objects = Array.from({ length: 1001 }, (_, index) => ({
    name: `t${index}`,
    argumentTypes: [],
  }));
  const found = statementsOf(planOf([{
    kind: "grant-privileges",
    privileges: ["SELECT"],
    on: { kind: "table", schema: "public", objects, count: 1001 },
    grantee: "app",
  }]));
  assert.equal(found.length, 3);
  assert.equal(
    found[2]?.sql,
    'GRANT SELECT ON TABLE "public"."t1000" TO "app"',
  );
});

Deno.test("scriptOf() is one transaction, and nothing for no change", () => {
  assert.equal(scriptOf(planOf([])), "");
  assert.equal(
    scriptOf(planOf([{ kind: "create-role", role: "app", login: true }])),
    'BEGIN;\nCREATE ROLE "app" LOGIN;\nCOMMIT;\n',
  );
});

Deno.test("statementsOf() keeps PostgreSQL 16 from making the creator a member", () => {
  const step: Step = { kind: "create-role", role: "app", login: true };
  assert.deepEqual(
    statementsOf(planOf([step], 160004)).map(({ sql }) => sql),
    ["SET LOCAL createrole_self_grant = ''", 'CREATE ROLE "app" LOGIN'],
  );
});
