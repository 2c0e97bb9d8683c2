import assert from "node:assert/strict";
import { isMissing, skip } from "../programs.ts";
import { RDSIAM, rdsiam } from "./rdsiam.ts";
import { Terminal } from "./terminal.ts";

const BASH_COMPLETION = "/usr/share/bash-completion/bash_completion";

/** The shells, and how each reads the script that stands in a file. */
const SHELLS = [
  {
    name: "bash alone",
    shell: ["bash", "--norc", "--noprofile"],
    script: "bash",
    source: (file: string) => `source ${file}`,
  },
  {
    name: "bash with bash-completion",
    shell: ["bash", "--norc", "--noprofile"],
    script: "bash",
    source: (file: string) => `source ${BASH_COMPLETION}; source ${file}`,
    needs: BASH_COMPLETION,
  },
  {
    name: "zsh",
    shell: ["zsh", "-f"],
    script: "zsh",
    source: (file: string) =>
      `autoload -U compinit; compinit -u -D; source ${file}`,
  },
  {
    name: "fish",
    shell: [
      ...["fish", "--private", "-C"],
      "function fish_prompt; echo -n 'ready> '; end; function fish_greeting; end",
    ],
    script: "fish",
    source: (file: string) => `source ${file}`,
  },
];

/** What is typed before the key, and what the line is after it. */
const CASES: readonly [typed: string, completed: string][] = [
  ["rdsiam tok", "rdsiam token "],
  ["rdsiam own-c", "rdsiam own-command "],
  ["rdsiam token --region eu-west-1", "rdsiam token --region eu-west-1 "],
  ["rdsiam targets sh", "rdsiam targets show "],
  ["rdsiam help set", "rdsiam help setup-db "],
  ["rdsiam exec --vi", "rdsiam exec --via "],
  ["rdsiam exec --via pro", "rdsiam exec --via proxy "],
  ["rdsiam exec --via=pro", "rdsiam exec --via=proxy "],
  ["rdsiam token --format e", "rdsiam token --format env "],
  ["rdsiam token --engine my", "rdsiam token --engine mysql "],
  ["rdsiam token --sslmode=verify-f", "rdsiam token --sslmode=verify-full "],
  ["rdsiam grant --preset o", "rdsiam grant --preset owner "],
  ["rdsiam completions power", "rdsiam completions powershell "],
  ["rdsiam token ord", "rdsiam token orders "],
  ["rdsiam token -h host ord", "rdsiam token -h host orders "],
  ["rdsiam token service:bil", "rdsiam token service:billing "],
  ["rdsiam proxy orders bil", "rdsiam proxy orders billing "],
  ["rdsiam targets remove bil", "rdsiam targets remove billing "],
  [
    "rdsiam token --config other.toml aud",
    "rdsiam token --config other.toml audit ",
  ],
  ["rdsiam sync --writer pgb", "rdsiam sync --writer pgbouncer "],
  ["rdsiam sync --writer own-w", "rdsiam sync --writer own-writer "],
  ["rdsiam token --config uniq", "rdsiam token --config unique-file.toml "],
  ["rdsiam token --config=uniq", "rdsiam token --config=unique-file.toml "],
  [
    "rdsiam sync --writer env=uniq",
    "rdsiam sync --writer env=unique-file.toml ",
  ],
  ["rdsiam emulator --data fol", "rdsiam emulator --data folder/"],
  ["rdsiam exec orders -- uniquepr", "rdsiam exec orders -- uniqueprogram "],
  [
    "rdsiam exec orders -- cat uniq",
    "rdsiam exec orders -- cat unique-file.toml ",
  ],
  ["rdsiam service install -- tok", "rdsiam service install -- token "],
  [
    "rdsiam service install -- exec orders -- uniquepr",
    "rdsiam service install -- exec orders -- uniqueprogram ",
  ],
  // The cursor is where the key is pressed; nothing to complete leaves the line, and the screen, as they are.
  [
    "rdsiam token --config broken.toml o",
    "rdsiam token --config broken.toml o",
  ],
];

for (const { name, shell, script, source, needs } of SHELLS) {
  Deno.test(`Completion in ${name}: commands, options, values, targets, writers, files, and the program of exec`, async (t) => {
    if (await isMissing(t, "tmux", shell[0] ?? "")) return;
    if (needs !== undefined && !await exists(needs)) {
      return await skip(t, `${needs} is not there`);
    }
    const folder = await Deno.makeTempDir();
    try {
      const { stdout } = await rdsiam(["completions", script]);
      const own = `${folder}/config/rdsiam/plugins`;
      await Promise.all(
        ["bin", "work/folder", "config/rdsiam/plugins"].map((path) =>
          Deno.mkdir(`${folder}/${path}`, { recursive: true })
        ),
      );
      const files: Record<string, string> = {
        [`${folder}/script`]: stdout,
        [`${folder}/work/rdsiam.toml`]: targets("orders", "billing"),
        [`${folder}/work/other.toml`]: targets("audit"),
        [`${folder}/work/broken.toml`]: "[targets",
        [`${folder}/work/unique-file.toml`]: "",
        [`${folder}/services`]: "[billing]\nhost=billing.example.com\n",
        [`${own}/own-writer.ts`]: "throw new Error('completed, not run')\n",
      };
      const programs = {
        rdsiam: `exec ${RDSIAM.map((word) => `'${word}'`).join(" ")} "$@"`,
        uniqueprogram: "true",
        "rdsiam-own-command": "true",
      };
      for (const [path, text] of Object.entries(files)) {
        await Deno.writeTextFile(path, text);
      }
      for (const [name, text] of Object.entries(programs)) {
        const path = `${folder}/bin/${name}`;
        await Deno.writeTextFile(path, `#!/bin/sh\n${text}\n`);
        await Deno.chmod(path, 0o755);
      }
      await using terminal = await Terminal.open({
        HOME: folder,
        PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
        XDG_CONFIG_HOME: `${folder}/config`,
        XDG_DATA_HOME: `${folder}/data`,
        PGSERVICEFILE: `${folder}/services`,
      }, shell);
      await terminal.enter(`cd ${folder}/work`);
      await terminal.enter(source(`${folder}/script`));
      for (const [typed, completed] of CASES) {
        await terminal.press("C-l");
        await terminal.see(/^ready> $/);
        await terminal.type(typed);
        await terminal.see(exactly(typed));
        await terminal.press("Tab");
        // A character behind it shows where the completion has put the cursor.
        await terminal.type("^");
        await terminal.see(exactly(`${completed}^`));
        await terminal.press("C-u");
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("completions takes PowerShell by the name of its program, too", async () => {
  const { code, stdout } = await rdsiam(["completions", "pwsh"]);
  const powershell = await rdsiam(["completions", "powershell"]);
  assert.deepEqual([code, stdout], [0, powershell.stdout]);
});

Deno.test("completions suggests the nearest shell", async () => {
  for (const [typed, hint] of [["bsh", "bash"], ["pwsl", "pwsh"]]) {
    const { code, stdout, stderr } = await rdsiam(["completions", `${typed}`]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.equal(
      stderr,
      `error: Shell "${typed}" is not known\nhint: Did you mean "${hint}"?\n`,
    );
  }
});

function targets(...names: string[]): string {
  return names.map((name) =>
    `[targets.${name}]\nhost = "${name}.abc.eu-west-1.rds.amazonaws.com"\nusername = "app"\n`
  ).join("");
}

function exactly(line: string): RegExp {
  return new RegExp(
    `^ready> ${RegExp.escape(line).replace(/(\\x20)+$/, "")} *$`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
