import type { Emulator } from "./emulator.ts";
import { environment, run } from "./rdsiam.ts";

/** A shell in a terminal of tmux, where keys are typed and the screen is read. */
export class Terminal implements AsyncDisposable {
  readonly #name = `rdsiam-test-${crypto.randomUUID()}`;

  /** Opens a terminal of 80 columns and 24 rows, in which bash or another shell runs. */
  static async open(
    env: Record<string, string | undefined>,
    shell: readonly string[] = ["bash", "--norc", "--noprofile"],
  ): Promise<Terminal> {
    const terminal = new Terminal();
    const variables = Object.entries(environment({
      ...env,
      PS1: "ready> ",
      TERM: "screen",
      PSQL_HISTORY: "/dev/null",
      HISTFILE: "/dev/null", // a bash that ends would write to a home which is being removed
    })).map(([name, value]) => `${name}=${value}`);
    await terminal.#tmux(
      ...["new-session", "-d", "-x", "80", "-y", "24", "--"],
      ...["env", "-i", ...variables, ...shell],
    );
    await terminal.see(/ready> $/);
    return terminal;
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    // tmux takes a semicolon at the end for its own.
    await this.#tmux("send-keys", "-l", text.replace(/;$/, "\\;"));
  }

  /** Presses a key, in tmux's words: `Enter`, `C-c`. */
  async press(key: string): Promise<void> {
    await this.#tmux("send-keys", key);
  }

  /** Types a line and presses Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Waits until the screen, without trailing blanks but for one after the prompt, matches. */
  async see(pattern: RegExp): Promise<string> {
    let screen = "";
    for (let attempt = 0; attempt < 600; attempt++) {
      const { stdout } = await this.#tmux("capture-pane", "-p", "-J");
      screen = stdout.trimEnd() + " ";
      if (pattern.test(screen)) return screen;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`The terminal never showed ${pattern}, but:\n${screen}`);
  }

  /** The screen with the sequences that choose its colours. */
  async colours(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-e")).stdout;
  }

  /** Changes the window's size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`);
  }

  /** The process that bash has started. */
  async childOfShell(): Promise<number> {
    const { stdout: shell } = await this.#tmux("display", "-p", "#{pane_pid}");
    const { stdout } = await run(["ps", "-o", "pid=", "--ppid", shell.trim()]);
    return Number(stdout.trim());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
  }

  async #tmux(...args: string[]) {
    const result = await run([
      "tmux",
      "-L",
      this.#name,
      "-f",
      "/dev/null",
      ...args,
    ]);
    if (result.code !== 0 && args[0] !== "kill-server") {
      throw new Error(`tmux ${args[0]} failed: ${result.stderr}`);
    }
    return result;
  }
}

/** In a psql of user `app`: Ctrl-C cancels a query, psql lives on, and is left. */
export async function cancelQuery(
  terminal: Terminal,
  emulator: Pick<Emulator, "untilActive">,
): Promise<void> {
  await terminal.see(/postgres=> $/);
  await terminal.enter("select pg_sleep(600);");
  await emulator.untilActive("app", "pg_sleep");
  await terminal.press("C-c");
  await terminal.see(
    /canceling statement due to user request\n(.*\n)*postgres=> $/,
  );
  await terminal.enter("select 'lives' || 'on';");
  await terminal.see(/ liveson\n/);
  await terminal.enter("\\q");
}
