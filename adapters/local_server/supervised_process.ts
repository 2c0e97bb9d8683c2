import { serverProcess, type ServerUser } from "./server_user.ts";

/**
 * Runs `"$@"`, and signals it when standard input closes: whether this program closes it or is killed, nothing is left
 * running. Then the folder goes too. What does not end of the first signal is sent the second one ten seconds later.
 */
const SUPERVISOR = `
folder=\${1:?} first=\${2:?} second=\${3:?}
shift 3
exec 3<&0 </dev/null
"$@" 3<&- 2>&1 &
child=$!
{
  read -r _ <&3
  : >"$folder/closed"
  kill "-$first" "$child"
  trap 'kill "$nap"; wait "$nap"; exit' TERM
  sleep 10 &
  nap=$!
  wait "$nap"
  kill "-$second" "$child"
} >/dev/null 2>&1 &
watcher=$!
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
wait "$watcher"
if [ -e "$folder/closed" ]; then rm -rf -- "$folder"; fi
exit "$status"
`;

const KEPT_LINES = 12;

/** The signals that end a process: one to ask it, and one for ten seconds later. */
export interface EndSignals {
  first: "INT" | "TERM" | "KILL";
  second: "QUIT" | "KILL";
}

/** PostgreSQL's fast and immediate shutdown, and what most programs end of. */
const INTERRUPT: EndSignals = { first: "INT", second: "QUIT" };

/** How to run a supervised process. */
export interface SupervisedProcessOptions {
  /** A folder that is removed when this program ends before the process, or stops it. Absolute. */
  folder: string;
  /** The user to run as; `undefined` for our own. */
  user: ServerUser | undefined;
  /** Stops the process when it aborts. */
  signal: AbortSignal | undefined;
  /** Called with each line of output. */
  onLine?: ((line: string) => void) | undefined;
  /** What it gets in its environment besides what every server gets. */
  env?: Readonly<Record<string, string>>;
  /** How it is ended; interrupted by default. */
  endSignals?: EndSignals;
}

/** A process that does not outlive this program, even if this program is killed. Ctrl-C does not reach it. */
export class SupervisedProcess {
  readonly #child: Deno.ChildProcess;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #lastLines: string[] = [];
  /** Resolves with the exit code when the process has ended and all its output was read. */
  readonly exited: Promise<number>;

  /**
   * Starts a command, given with the absolute path of its program.
   *
   * @throws The signal's reason, when it has aborted already.
   */
  constructor(
    command: string[],
    options: SupervisedProcessOptions,
  ) {
    const { folder, user, signal, env, endSignals = INTERRUPT } = options;
    const { first, second } = endSignals;
    signal?.throwIfAborted();
    this.#onLine = options.onLine;
    const base = serverProcess(user);
    this.#child = new Deno.Command("/bin/sh", {
      ...base,
      env: { ...base.env, ...env },
      args: [
        ...["-c", SUPERVISOR, "rdsiam-supervisor"],
        ...[folder, first, second],
        ...command,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      // A session of its own: a terminal interrupts its whole foreground group, and we stop the server in our own time.
      detached: true,
    }).spawn();
    const stop = () => void this.stop();
    signal?.addEventListener("abort", stop);
    this.exited = this.#run().finally(() =>
      signal?.removeEventListener("abort", stop)
    );
  }

  /** The last lines of output, oldest first. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Ends the process and waits for its end. */
  async stop(): Promise<void> {
    await this.#closeInput();
    await this.exited;
  }

  async #closeInput(): Promise<void> {
    // It may be closed already.
    await this.#child.stdin.close().catch(() => {});
  }

  async #run(): Promise<number> {
    const drained = this.#readLines();
    const { code, signal } = await this.#child.status;
    // Somebody killed the supervisor: what it watched must not live on.
    if (signal !== null) this.#signalGroup("SIGQUIT");
    await drained;
    if (signal !== null) this.#signalGroup("SIGKILL");
    await this.#closeInput();
    return code;
  }

  async #readLines(): Promise<void> {
    let rest = "";
    const text = this.#child.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of text) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#readLine(line);
    }
    if (rest !== "") this.#readLine(rest);
  }

  #readLine(line: string) {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    this.#onLine?.(line);
  }

  #signalGroup(signal: Deno.Signal) {
    try {
      Deno.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left.
    }
  }
}
