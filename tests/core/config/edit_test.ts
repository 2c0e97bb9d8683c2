import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addTargets,
  type NewTarget,
  removeTargets,
} from "../../../core/config/edit.ts";
import { parseConfig } from "../../../core/config/parse.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const PLACE = { file: "/work/rdsiam.toml", home: "/home/me" };

const TEXT = `# databases of the shop

default_target = "orders" # mine

[targets.orders]
# the writer
host   = "orders"
port = 6000     # a comment

# who may
[targets.orders.admin]
username = "postgres"
# after

[targets.audit]
host = '''audit'''

[[sync]]
writer = "pgpass"
`;

const NEW: NewTarget = {
  name: "jane@new.db",
  fields: {
    host: "new",
    port: "5433",
    username: 'o"neil',
    dbname: "shop",
    roleArn: "arn:aws:iam::1:role/db",
    sslrootcert: "/ca.pem",
  },
  admin: { username: "postgres", auth: "iam" },
};

Deno.test("addTargets() puts a table at the end", async () => {
  assert.equal(
    await addTargets(TEXT, [NEW], PLACE),
    `${TEXT}
[targets."jane@new.db"]
host = "new"
port = 5433
username = "o\\"neil"
database = "shop"
role_arn = "arn:aws:iam::1:role/db"
sslrootcert = "/ca.pem"

[targets."jane@new.db".admin]
username = "postgres"
auth = "iam"
`,
  );
});

Deno.test("addTargets() begins an empty file, and ends a line that is open", async () => {
  const target = { name: "a", fields: { host: "a" } };
  const table = '[targets.a]\nhost = "a"\n';
  assert.equal(await addTargets("", [target], PLACE), table);
  assert.equal(
    await addTargets('default_target = "a"', [target], PLACE),
    `default_target = "a"\n\n${table}`,
  );
  assert.equal(
    await addTargets("# mine\r\n", [target], PLACE),
    '# mine\r\n\r\n[targets.a]\r\nhost = "a"\r\n',
  );
});

Deno.test("removeTargets() takes a target's tables out", async () => {
  assert.equal(
    await removeTargets(TEXT, ["orders"], PLACE),
    `# databases of the shop

default_target = "orders" # mine

# who may
# after

[targets.audit]
host = '''audit'''

[[sync]]
writer = "pgpass"
`,
  );
  assert.equal(
    await removeTargets(TEXT, ["audit"], PLACE),
    TEXT.replace("[targets.audit]\nhost = '''audit'''\n\n", ""),
  );
  assert.equal(
    await removeTargets("[targets.a]\nhost = 'a'", ["a"], PLACE),
    "",
  );
});

Deno.test("addTargets() and removeTargets() refuse what they could not edit safely", async () => {
  const cases: [text: string, line: number][] = [
    ["# x\ntargets.a.host = 'a'\n", 2],
    ["targets = { a = { host = 'a' } }\n", 1],
  ];
  for (const [text, line] of cases) {
    await assertRefusesLater(addTargets(text, [NEW], PLACE), {
      message:
        `Configuration file "/work/rdsiam.toml", line ${line}: targets is written in a way that rdsiam does not edit`,
      hint: "Write it as [targets.NAME], or edit it by hand",
    });
  }
  cases.push(["[targets]\na.host = 'a'\n", 2]);
  cases.push(["[targets]\n\na = { host = 'a' }\n", 3]);
  for (const [text, line] of cases) {
    await assertRefusesLater(removeTargets(text, ["a"], PLACE), {
      message:
        `Configuration file "/work/rdsiam.toml", line ${line}: targets.a is written in a way that rdsiam does not edit`,
      hint: "Write it as [targets.a], or edit it by hand",
    });
  }
});

Deno.test("addTargets() refuses a name that is there", async () => {
  await assertRefusesLater(
    addTargets(TEXT, [{ name: "audit", fields: { host: "x" } }], PLACE),
    {
      message:
        'Configuration file "/work/rdsiam.toml", line 15: target "audit" exists already',
      hint: "Change it there, or take it out with rdsiam targets remove audit",
    },
  );
});

Deno.test("removeTargets() misses a name that is not there", async () => {
  await assertRefusesLater(removeTargets(TEXT, ["gone"], PLACE), {
    message:
      'Configuration file "/work/rdsiam.toml": target "gone" is not there',
    hint: "rdsiam targets lists the configured ones, and their files",
  });
});

const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,8}$/);
const text = fc.string({ minLength: 1, unit: "grapheme" });
const target = fc.record({
  name,
  fields: fc.record({
    host: text,
    port: fc.integer({ min: 1, max: 65535 }).map(String),
    username: text,
    sslrootcert: text.map((path) => `/${path.replaceAll(/[/.]/g, "_")}`),
  }, { requiredKeys: ["host"], noNullPrototype: true }),
  admin: fc.record({
    username: text,
    auth: fc.constantFrom("password" as const, "iam" as const),
  }, { noNullPrototype: true }),
}, { noNullPrototype: true });

/** Lines that a person may have written, between which targets come and go. */
const foreign = fc.array(
  fc.constantFrom(
    "",
    "  ",
    "#~ a comment",
    "#~[targets.no]",
    '#~ """',
    "#~ \u2028 é 🐘 '",
  ),
  { maxLength: 4 },
).map((lines) => lines.map((line) => `${line}\n`).join(""));

/** A document of targets with foreign lines before, between, within and behind them. */
const document = fc.record({
  targets: fc.uniqueArray(target, {
    selector: ({ name }) => name,
    maxLength: 4,
  }),
  between: fc.array(foreign, { minLength: 12, maxLength: 12 }),
  newline: fc.constantFrom("\n", "\r\n"),
  mark: fc.constantFrom("", "\ufeff"),
}).map(({ targets, between, newline, mark }) => {
  const tables = targets.map(({ name, fields, admin }, index) => {
    const key = JSON.stringify(name);
    return `[ targets . ${key} ] # its header
host = ${JSON.stringify(fields.host)} # its host
${between[index * 2]}[targets.${key}.admin]
username = """
${JSON.stringify(admin.username).slice(1, -1)}"""
${between[index * 2 + 1]}`;
  });
  const text = `${between[10]}${tables.join("")}${between[11]}`;
  return {
    text: mark + text.replaceAll("\n", newline),
    names: targets.map(({ name }) => name),
  };
});

async function model(text: string) {
  return (await parseConfig(text, PLACE)).targets;
}

/** The comments that belong to no target. */
function comments(text: string): string[] {
  return text.replace("\ufeff", "").split("\n").filter((line) =>
    line.startsWith("#~")
  );
}

Deno.test("addTargets() adds the target, and removeTargets() gives the same text back", async () => {
  await fc.assert(
    fc.asyncProperty(document, target, async ({ text, names }, target) => {
      fc.pre(!names.includes(target.name));
      const added = await addTargets(text, [target], PLACE);
      assert.ok(added.startsWith(text));
      const wanted = { ...target, file: PLACE.file };
      const before = await model(text);
      assert.deepEqual(
        (await model(added)).find(({ name }) => name === target.name),
        wanted,
      );
      assert.equal((await model(added)).length, before.length + 1);
      assert.equal(await removeTargets(added, [target.name], PLACE), text);
    }),
  );
});

Deno.test("removeTargets() leaves every other target and comment", async () => {
  await fc.assert(
    fc.asyncProperty(document, fc.nat(), async ({ text, names }, pick) => {
      fc.pre(names.length > 0);
      const name = names[pick % names.length] ?? "";
      const edited = await removeTargets(text, [name], PLACE);
      assert.deepEqual(
        await model(edited),
        (await model(text)).filter((target) => target.name !== name),
      );
      assert.deepEqual(comments(edited), comments(text));
    }),
  );
});
