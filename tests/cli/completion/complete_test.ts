import assert from "node:assert/strict";
import { Command } from "commander";
import {
  type Candidate,
  complete,
  type Sources,
} from "../../../cli/completion/complete.ts";
import { formatCompletion } from "../../../cli/completion/answer.ts";
import { SCRIPTS } from "../../../cli/completion/script.ts";
import { declareProgram } from "../../../cli/app.ts";
import { createInvocation } from "../../../cli/run.ts";
import { fakeContext } from "../../fakes.ts";

function found(...values: string[]) {
  return () => Promise.resolve<Candidate[]>(values.map((value) => ({ value })));
}

const SOURCES: Sources = {
  targets: (config) => found(config ?? "orders", "billing")(),
  writers: found("pgpass", "env"),
  profiles: found("prod"),
  commands: found("own-command"),
  regions: found("eu-west-1", "us-east-1"),
};

async function completeLine(line: string) {
  const { context } = fakeContext();
  const invocation = createInvocation(context);
  return await complete(
    (words) => declareProgram(invocation, (name) => words.includes(name)),
    line.split(" "),
    SOURCES,
  );
}

/** The values that complete a line; for paths and commands, what the shell is told. */
async function values(line: string): Promise<string[]> {
  const completion = await completeLine(line);
  return completion.kind === "words"
    ? completion.candidates.map(({ value }) => value)
    : formatCompletion(completion).trimEnd().split("\n");
}

Deno.test("complete() knows what an option's value may be, wherever the value stands", async () => {
  const expected: [string, string[]][] = [
    ["exec --via p", ["passfile", "password", "proxy"]],
    ["exec --via=pa", ["--via=passfile", "--via=password"]],
    ["token --format u", ["url"]],
    ["token --profile ", ["prod"]],
    ["rds generate-db-auth-token --profile ", ["prod"]],
    ["token --region eu", ["eu-west-1"]],
    ["emulator --region=us", ["--region=us-east-1"]],
    ["targets add orders --engine ma", ["mariadb"]],
    ["proxy --local-auth ", ["none", "password"]],
    ["emulator --tls-dir ", ["folders"]],
    ["emulator --policy=x", ["files", "--policy="]],
    ["proxy --tls-cert ", ["files"]],
    ["pgpass sync --file ", ["files"]],
    ["sync --writer=env=x", ["files", "--writer=env="]],
    ["token --host ", []], // which host is the user's business
    ["token --nosuch ", ["orders", "billing"]],
    ["token --nosuch=", []],
    ["token --quiet=", []],
  ];
  for (const [line, completed] of expected) {
    assert.deepEqual(await values(line), completed, line);
  }
});

Deno.test("complete() offers targets where a target may stand, of the configuration that is named", async () => {
  const expected: [string, string[]][] = [
    ["token ", ["orders", "billing"]],
    ["token -hx ", ["orders", "billing"]],
    ["token -h x -p 1 b", ["billing"]],
    ["token --config mine ", ["mine", "billing"]],
    ["token --config=mine ", ["mine", "billing"]],
    ["token orders ", []],
    ["proxy orders ", ["orders", "billing"]],
    ["targets s", ["show"]],
    ["targets show ", ["orders", "billing"]],
    ["help exe", ["exec"]],
    ["help own", []],
    ["own", ["own-command"]],
    ["exe", ["exec"]],
    ["unknown x", ["files"]],
  ];
  for (const [line, completed] of expected) {
    assert.deepEqual(await values(line), completed, line);
  }
});

Deno.test("complete() offers each option once, but for those that gather their values", async () => {
  const once = await values("grant --preset owner --schema a --");
  assert.ok(!once.includes("--preset"));
  assert.ok(once.includes("--schema"));
  assert.ok(once.includes("--help"));
});

Deno.test("complete() hands what stands after -- of exec to the shell, within service install too", async () => {
  assert.deepEqual(await values("exec orders -- ps"), ["command", "1"]);
  assert.deepEqual(
    await values("service install -- exec -- ps"),
    ["command", "2"],
  );
  assert.deepEqual(await values("service install -- exec --via pr"), [
    "proxy",
  ]);
  assert.deepEqual(await values("token -- x"), []);
});

Deno.test("formatCompletion() leaves out words that lines cannot tell, and folds what they mean", () => {
  const candidates = [
    { value: "a\nb" },
    { value: "c", about: "one\n  two\tthree" },
    { value: "d e" },
  ];
  assert.equal(
    formatCompletion({ kind: "words", candidates }),
    "words\n\nc\tone two three\nd e\n",
  );
});

Deno.test("offer() refuses what a command does not have", async () => {
  const { offer } = await import("../../../cli/frame/command.ts");
  assert.throws(() => offer(new Command(), "--missing", "files"), TypeError);
});

Deno.test("The script for PowerShell, which is not run here, closes what it opens and has no stray quote", () => {
  const open: string[] = [];
  const pairs: Record<string, string> = { ")": "(", "}": "{", "]": "[" };
  const code = SCRIPTS.powershell
    .replaceAll(/^#.*$/gm, "")
    // In "…" a backtick escapes; in '…' a quote is doubled.
    .replaceAll(/"(?:[^"`\n]|`.)*"|'(?:[^'\n]|'')*'/g, "");
  assert.doesNotMatch(code, /["'`]/);
  for (const [bracket] of code.matchAll(/[(){}[\]]/g)) {
    if (bracket in pairs) assert.equal(open.pop(), pairs[bracket]);
    else open.push(bracket);
  }
  assert.deepEqual(open, []);
});
