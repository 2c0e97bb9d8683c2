import type { Emulator } from "../emulator.ts";
import { environment, KEY, RDSIAM, type Result, run } from "../rdsiam.ts";

/** A running `rdsiam proxy`. */
export interface ProxyProcess extends AsyncDisposable {
  pid: number;
  /** The events that say where it listens, in order. */
  listening: {
    target: string;
    listen: string;
    database: string;
    url?: string;
  }[];
  /** The port of its first listener. */
  port: number;
  /** The generated password; empty where there is none. */
  password: string;
  /** What it has said on standard error. */
  log(): string;
  /** The events it has told since, one for each line. */
  events(): Record<string, unknown>[];
  /** Waits for an event. */
  until(
    matches: (event: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>>;
  /** Waits until it says this on standard error. */
  untilLog(pattern: RegExp): Promise<void>;
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
  /** How it ended. */
  status: Promise<Deno.CommandStatus>;
  /** Runs psql through it: unaligned, tuples only. */
  psql(sql: string, env?: Record<string, string>): Promise<Result>;
}

/**
 * Starts `rdsiam proxy --json` and waits until it listens.
 *
 * @param wrapper a program, with its arguments, that starts it
 */
export async function startProxy(
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  listeners = 1,
  wrapper: readonly string[] = [],
): Promise<ProxyProcess> {
  const [program = "", ...rest] = [...wrapper, ...RDSIAM];
  const child = new Deno.Command(program, {
    args: [...rest, "proxy", "--json", ...args],
    env: environment({ ...KEY, ...env }),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  let output = "";
  let wake = Promise.withResolvers<void>();
  function heard() {
    wake.resolve();
    wake = Promise.withResolvers();
  }
  const reading = Promise.all([
    child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          log += text;
          heard();
        },
      }),
    ),
    child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          output += text;
          heard();
        },
      }),
    ).then(heard),
  ]);
  let hasEnded = false;
  const status = child.status.finally(() => {
    hasEnded = true;
    heard();
  });
  function events() {
    return output.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }
  async function until(matches: (event: Record<string, unknown>) => boolean) {
    while (true) {
      const found = events().find(matches);
      if (found !== undefined) return found;
      if (hasEnded) throw new Error(`The proxy has ended: ${log}`);
      await wake.promise;
    }
  }
  await until(() =>
    events().filter(({ event }) => event === "listening").length >= listeners
  );
  const listening = events().filter(({ event }) => event === "listening");
  const [first] = listening;
  const port = Number(String(first?.listen).split(":").at(-1));
  const password = String(first?.password ?? "");
  return {
    ...{ pid: child.pid, listening, port, password, status, events, until },
    log: () => log,
    async untilLog(pattern) {
      while (!pattern.test(log)) {
        if (hasEnded) throw new Error(`The proxy has ended: ${log}`);
        await wake.promise;
      }
    },
    kill: (signal) => child.kill(signal),
    psql: (sql, env = {}) =>
      run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql], {
        env: {
          PGHOST: "127.0.0.1",
          PGPORT: String(port),
          PGUSER: "whoever",
          PGPASSWORD: password,
          ...env,
        },
      }),
    async [Symbol.asyncDispose]() {
      if (!hasEnded) child.kill("SIGKILL");
      await status;
      await reading;
    },
  };
}

/** The options that lead a proxy to an emulator's `app`. */
export function toApp({ options }: Emulator): string[] {
  return [...options, "-U", "app", "-d", "postgres"];
}

/** A section of the configuration that leads to an emulator. */
export function configuredTarget(
  { host, listen, ca }: Emulator,
  name: string,
  username: string,
): string {
  return [
    `[targets.${name}]`,
    `host = "${host}"`,
    `connect = "${listen}"`,
    `sslrootcert = "${ca}"`,
    `username = "${username}"`,
    'database = "postgres"',
    "",
  ].join("\n");
}
