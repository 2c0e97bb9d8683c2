/** The examples of plugins/README.md, run as a user would. */
import assert from "node:assert/strict";
import type {
  Rendered,
  Writer,
  WriterFactory,
} from "../../core/writer/writer.ts";
import { checkWriter } from "../../plugins/contract/contract.ts";
import { isMissing } from "../programs.ts";

const README = new URL("../../plugins/README.md", import.meta.url);
const FOREIGN = ["# mine\nother=1\n", "other=1"];

/** The first example in a language. */
async function example(language: string): Promise<string> {
  const text = await Deno.readTextFile(README);
  const code = text.split("```" + language + "\n")[1]?.split("```")[0];
  assert.ok(code !== undefined);
  return code;
}

Deno.test("plugins/README.md teaches a module that keeps the contract", async () => {
  const code = encodeURIComponent(await example("ts"));
  const { default: factory }: { default: WriterFactory } = await import(
    `data:application/javascript,${code}`
  );
  assert.equal(factory().name, "acme");
  await checkWriter(factory, { foreign: FOREIGN });
});

Deno.test("plugins/README.md teaches an executable that keeps the contract", async (t) => {
  if (await isMissing(t, "python3")) return;
  const code = await example("python");
  async function ask(request: unknown) {
    const child = new Deno.Command("python3", {
      args: ["-c", code],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode(JSON.stringify(request)));
    await input.close();
    const { success, stdout, stderr } = await child.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  }
  await checkWriter(async (options = {}): Promise<Writer> => ({
    name: "acme",
    describe: await ask({ action: "describe", options }),
    defaultPath: () => undefined,
    render: (entries, oldText): Promise<Rendered> =>
      ask({
        action: "render",
        options,
        entries: entries.map((entry) => ({
          ...entry,
          password: entry.password.reveal(),
          expiresAt: new Date(entry.expiresAt).toISOString(),
        })),
        oldText,
      }),
    remove: (names, oldText): Promise<Rendered> =>
      ask({ action: "remove", options, names: names ?? null, oldText }),
  }), { foreign: FOREIGN });
});
