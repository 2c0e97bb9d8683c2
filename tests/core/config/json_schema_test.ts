import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { parse } from "smol-toml";
import { configSchema } from "../../../core/config/json_schema.ts";
import { parseConfig } from "../../../core/config/parse.ts";

const validate = new Ajv({ allowUnionTypes: true }).compile(configSchema());

/** Asserts that an editor and rdsiam judge a document alike. */
async function assertJudged(text: string, isGood: boolean) {
  // A TOML library's tables have no prototype, which no JSON has.
  const document = JSON.parse(JSON.stringify(parse(text)));
  assert.equal(validate(document), isGood, text);
  const place = { file: "/rdsiam.toml", home: "/home/me" };
  const parsed = parseConfig(text, place).then(() => true, () => false);
  assert.equal(await parsed, isGood, text);
}

Deno.test("configSchema() takes what rdsiam takes", async () => {
  const good = [
    "",
    'default_target = "a"',
    '[targets.a]\nhost = "db"',
    '[targets."jane.doe@x-1"]\nhost = "db"\nport = 1\nsslmode = "require"\nengine = "postgres"',
    '[targets.a]\nhost = "db"\nadmin = { username = "x", auth = "password" }',
    '[[sync]]\nwriter = "pgpass"\ntargets = ["a"]\noptions = { a = 1, b = "c", d = true }\non_refresh = "x"',
  ];
  for (const text of good) await assertJudged(text, true);
});

Deno.test("configSchema() refuses what rdsiam refuses", async () => {
  const bad = [
    "hots = 1",
    'default_target = ""',
    "targets = []",
    "[targets.a]",
    '[targets.-a]\nhost = "db"',
    '[targets."a b"]\nhost = "db"',
    "[targets.a]\nhost = 1",
    '[targets.a]\nhost = "db"\nport = "5432"',
    '[targets.a]\nhost = "db"\nport = 0',
    '[targets.a]\nhost = "db"\nport = 65536',
    '[targets.a]\nhost = "db"\nport = 1.5',
    '[targets.a]\nhost = "db"\nsslmode = "prefer"',
    '[targets.a]\nhost = "db"\npassword = "x"',
    '[targets.a]\nhost = "db"\nadmin.auth = "x"',
    '[sync]\nwriter = "x"',
    "[[sync]]",
    '[[sync]]\nwriter = "x"\ntargets = "a"',
    '[[sync]]\nwriter = "x"\noptions.a = [1]',
  ];
  for (const text of bad) await assertJudged(text, false);
});
