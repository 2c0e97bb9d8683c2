import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { run } from "../../cli/run.ts";
import { fakeConfig, fakeContext } from "../fakes.ts";
import { skip } from "../programs.ts";
import {
  commandsIn,
  mentionsIn,
  pages,
  readPage,
  scriptsIn,
  type ShownCommand,
} from "./commands.ts";

/** The names that pages give to databases. */
const NAMES = [
  ...["orders", "billing", "shop", "audit", "db", "one", "other"],
  ...["orders-reader", "reports"],
];

/**
 * Runs a command up to the point where it needs something from outside, which is refused: nothing is read, written or
 * started.
 */
async function declared({ args }: ShownCommand): Promise<string> {
  const host = "orders.abc123.eu-west-1.rds.amazonaws.com";
  const file = "/home/jo/rdsiam.toml";
  const targets = new Map(NAMES.map((name) => {
    const fields = { host, username: "app", dbname: name };
    return [name, { name, fields, file, admin: { username: "postgres" } }];
  }));
  const { context, stderr } = fakeContext({
    environment: { HOME: "/home/jo" },
    loadConfig: () =>
      Promise.resolve(
        fakeConfig({}, { targets, defaultTarget: { name: "orders", file } }),
      ),
  });
  const words = args.filter((word) => word !== "…");
  const code = await run(words, context);
  // What is not installed here cannot be uninstalled.
  return code === 2 && !/ is not installed\n/.test(stderr.text)
    ? stderr.text
    : "";
}

function text({ page, program, args }: ShownCommand): string {
  return `${page}: ${program} ${args.join(" ")}`;
}

Deno.test("scriptsIn() takes blocks for a shell whole, and what follows a prompt", () => {
  const page =
    "```sh\na |\nb\n```\n```toml\nc = 1\n```\n- x\n  ```console\n  $ d\n  ```\n```console\n$ e \\\n  f\ng\n```\n";
  assert.deepEqual(scriptsIn(page), ["a |\nb\n", "", "e   f"]);
});

/** Nothing can be written, started or reached. */
const CONFINED: Deno.PermissionOptions = { read: true, env: true, sys: true };

// Read before the tests.
const shown = new Map<string, ShownCommand[] | undefined>();
for (const page of await pages()) {
  const commands = commandsIn(page).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined; // there is no bash
    throw error;
  });
  shown.set(page, await commands);
}

for (const page of shown.keys()) {
  Deno.test({
    name: `${page} mentions commands and options that there are`,
    permissions: CONFINED,
    async fn() {
      for (const mention of mentionsIn(await readPage(page))) {
        const args = mention.split(" ").slice(1);
        const error = await declared({ page, program: "rdsiam", args });
        assert.doesNotMatch(error, /^error: Unknown/i, `${page}: ${mention}`);
      }
    },
  });
}

for (const [page, commands] of shown) {
  Deno.test({
    name: `${page} shows commands, options and tasks that there are`,
    permissions: CONFINED,
    fn: async (t) => {
      if (commands === undefined) return await skip(t, "bash is not installed");
      for (const command of commands) {
        const { program, args: [verb, task = ""] } = command;
        if (program === "rdsiam") {
          assert.equal(await declared(command), "", text(command));
        } else if (verb === "task") {
          assert.ok(Object.hasOwn(manifest.tasks, task), text(command));
        }
      }
    },
  });
}
