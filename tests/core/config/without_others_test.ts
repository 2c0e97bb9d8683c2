import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "smol-toml";
import { parseConfig } from "../../../core/config/parse.ts";
import { withoutOthers } from "../../../core/config/without_others.ts";

const PLACE = { file: "/rdsiam.toml", home: "/home/jane" };

Deno.test("withoutOthers() gives the wanted target and all that is no target as the whole file does", async () => {
  const text = fc.stringMatching(/^[\w .@:/-]{1,20}$/);
  const name = fc.stringMatching(/^[a-z]\w{0,8}(-[a-z]{1,3})?$/);
  const target = fc.record({
    host: text,
    port: fc.integer({ min: 1, max: 65535 }),
    username: fc.string({ minLength: 1, maxLength: 10 }),
    role_arn: text,
    sslmode: fc.constantFrom("require", "verify-full"),
    admin: fc.record({ username: text, auth: fc.constantFrom("iam") }, {
      requiredKeys: [],
    }),
  }, { requiredKeys: ["host"] });
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, target, {
        minKeys: 1,
        maxKeys: 12,
        noNullPrototype: true,
      }),
      fc.boolean(),
      async (targets, hasDefault) => {
        const file = stringify({
          ...(hasDefault && { default_target: "x" }),
          targets,
        });
        const whole = await parseConfig(file, PLACE);
        for (const wanted of Object.keys(targets)) {
          const rest = withoutOthers(file, wanted);
          if (rest === undefined) continue;
          const part = await parseConfig(rest, PLACE);
          assert.equal(part.defaultTarget, whole.defaultTarget);
          assert.deepEqual(
            part.targets.find((one) => one.name === wanted),
            whole.targets.find((one) => one.name === wanted),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("withoutOthers() leaves out what is plain, and nothing that is wrong", () => {
  const table = (name: string, more = "") =>
    `[targets.${name}]\nhost = "h"\n${more}\n`;
  assert.equal(
    withoutOthers(`default_target = "b"\n\n${table("a")}${table("b")}`, "b"),
    `default_target = "b"\n\n${table("b")}`,
  );
  const kept = [
    table("a", 'hots = "x"\n'),
    table("a", "port = 70000\n"),
    table("a", 'username = "\\u0041"\n'),
    '[targets.a]\nusername = "no host"\n\n',
    '[targets."a b"]\nhost = "h"\n\n',
  ];
  for (const wrong of kept) {
    assert.ok(withoutOthers(wrong + table("b"), "b")?.includes(wrong), wrong);
  }
  for (
    const doubtful of [
      table("a") + table("a"),
      `x = """\n${table("a")}"""\n`,
      `targets.a.host = "h"\n${table("c")}`,
    ]
  ) {
    assert.equal(
      withoutOthers(doubtful + table("b"), "b"),
      undefined,
      doubtful,
    );
  }
});
