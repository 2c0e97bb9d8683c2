import assert from "node:assert/strict";
import { isMissing } from "../programs.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { KEY, RDSIAM, run } from "./rdsiam.ts";
import { cancelQuery, Terminal } from "./terminal.ts";

let emulator: Emulator;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query("create role app login", "grant rds_iam to app");
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

/** Declares a test in a terminal of its own; `exec(…)` is the command line of `rdsiam exec -- …`. */
function terminalTest(
  name: string,
  test: (
    terminal: Terminal,
    exec: (command: string) => string,
    folder: string,
  ) => Promise<void>,
) {
  Deno.test(name, async (t) => {
    if (await isMissing(t, "tmux", "bash", "psql", "ps")) return;
    const folder = await Deno.makeTempDir();
    try {
      const line = [
        ...RDSIAM,
        "exec",
        ...emulator.options,
        "-U",
        "app",
        "-d",
        "postgres",
        "--",
      ].join(" ");
      await Deno.writeTextFile(`${folder}/exec`, `exec ${line} "$@"\n`);
      await Deno.mkdir(`${folder}/tmp`);
      await using terminal = await Terminal.open({
        ...KEY,
        TMPDIR: `${folder}/tmp`,
      });
      await test(
        terminal,
        (command) => `bash ${folder}/exec ${command}`,
        folder,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

terminalTest(
  "Ctrl-C cancels psql's query, and psql lives on",
  async (terminal, exec) => {
    await terminal.enter(exec("psql -X"));
    await cancelQuery(terminal, emulator);
    await terminal.see(/ready> $/);
  },
);

terminalTest(
  "Ctrl-Z stops exec and its child, and fg goes on with both",
  async (terminal, exec) => {
    await terminal.enter(exec("psql -X"));
    await terminal.see(/postgres=> $/);
    await terminal.press("C-z");
    await terminal.see(/Stopped.*\nready> /);
    await terminal.enter("fg");
    await terminal.enter("select 'back' || 'again';");
    await terminal.see(/ backagain\n/);
  },
);

terminalTest(
  "a resized window is seen by the child",
  async (terminal, exec, folder) => {
    const script =
      "trap 'echo size: $(stty size)' WINCH; echo waiting; while :; do sleep 0.05; done";
    await Deno.writeTextFile(`${folder}/winch`, script);
    await terminal.enter(exec(`bash ${folder}/winch`));
    await terminal.see(/\nwaiting/);
    await terminal.resize(100, 30);
    await terminal.see(/size: 30 100\s/);
  },
);

terminalTest(
  "exec gives the shell its child's exit code",
  async (terminal, exec) => {
    await terminal.enter(`${exec("bash -c 'exit 7'")}; echo "code=$?"`);
    await terminal.see(/\ncode=7\s/);
  },
);

terminalTest(
  "Ctrl-C and Ctrl-\\ reach a child that has its own way with them",
  async (terminal, exec, folder) => {
    const script =
      `trap 'echo INT' INT; trap 'echo QUIT; exit 5' QUIT; echo waiting; while :; do sleep 0.05; done`;
    await Deno.writeTextFile(`${folder}/trap`, script);
    await terminal.enter(`${exec(`bash ${folder}/trap`)}; echo "code=$?"`);
    await terminal.see(/\nwaiting/);
    await terminal.press("C-c");
    await terminal.see(/INT\s/);
    await terminal.press("C-\\");
    const screen = await terminal.see(/QUIT\s(.*\n)*code=5\s/);
    assert.equal(screen.match(/INT\s/g)?.length, 1); // once, not once more by rdsiam
  },
);

terminalTest(
  "kill -TERM ends exec and psql, and leaves no file",
  async (terminal, exec, folder) => {
    await terminal.enter(`${exec("psql -X")}; echo "code=$?"`);
    await terminal.see(/postgres=> $/);
    Deno.kill(await terminal.childOfShell(), "SIGTERM");
    await terminal.see(/code=143/);
    const { stdout } = await run(["find", `${folder}/tmp`, "-name", "pgpass*"]);
    assert.equal(stdout, "");
  },
);
