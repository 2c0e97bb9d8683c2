/** The commands that the documentation tells its readers to type. */

import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../adapters/temporary_folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A call that a page shows. */
export interface ShownCommand {
  /** Path of the page below the root. */
  page: string;
  /** What is called: `rdsiam`, or `deno` for its tasks. */
  program: string;
  args: readonly string[];
}

/** Calls of these are recorded; all other programs are not there. */
const RECORDER = String.raw`
record() { printf '%s\0' "$@" $'\x1e' >>"$RECORD"; }
rdsiam() { record rdsiam "$@"; }
deno() { record deno "$@"; }
npx() { shift 2; record deno "$@"; }
command_not_found_handle() { :; }
PATH=/nonexistent
# What zsh and PowerShell set, where a page has a line for them.
fpath=(. .) PROFILE=profile
`;

/** The pages for users: README and all of docs. */
export async function pages(): Promise<string[]> {
  const docs = await Array.fromAsync(Deno.readDir(`${ROOT}docs`));
  const names = docs.map(({ name }) => name)
    .filter((name) => name.endsWith(".md")).sort();
  const others = ["README.md", "SECURITY.md", "plugins/README.md"];
  return [...others, ...names.map((name) => `docs/${name}`)];
}

/** The text of a page. */
export function readPage(page: string): Promise<string> {
  return Deno.readTextFile(ROOT + page);
}

/** The calls of rdsiam within sentences and tables, but for what only a shell could read. */
export function mentionsIn(markdown: string): string[] {
  const spans = markdown.replaceAll(/^( *)```.*?^\1```/gms, "")
    .matchAll(/`(rdsiam(?: [^`]+))`/g);
  return [...spans].map(([, text = ""]) => text.replaceAll(/\s+/g, " "))
    .filter((text) => !/['"$|]/.test(text));
}

/** What a page has readers type: the blocks for a shell, and the lines after a prompt. */
export function scriptsIn(markdown: string): string[] {
  const blocks = markdown.matchAll(/^( *)```(sh|console)\n(.*?)^\1```/gms);
  return [...blocks].map(([, , kind, text = ""]) =>
    kind === "sh" ? text : typedLines(text).join("\n")
  );
}

function typedLines(console: string): string[] {
  const lines = console.replaceAll("\\\n", "").split("\n");
  return lines.filter((line) => line.startsWith("$ "))
    .map((line) => line.slice(2));
}

/** Every call of rdsiam and of Deno's tasks in a page, as bash reads it. */
export async function commandsIn(page: string): Promise<ShownCommand[]> {
  await using folder = await temporaryFolder();
  const record = `${folder.path}/record`;
  const markdown = await readPage(page);
  for (const script of scriptsIn(markdown)) {
    await new Deno.Command("bash", {
      args: ["-c", `${RECORDER}${script}\nwait`],
      cwd: folder.path,
      env: { RECORD: record, HOME: folder.path, TARGET: "orders" },
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
  }
  const text = await Deno.readTextFile(record).catch(() => "");
  return text.split("\0\x1e\0").filter((call) => call !== "").map((call) => {
    const [program = "", ...args] = call.split("\0");
    return { page, program, args };
  });
}
