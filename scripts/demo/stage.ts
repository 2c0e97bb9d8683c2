/**
 * What the demos share: commands that are shown with what they answer, and the emulator.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../cli/frame/permissions.ts";

/** The endpoint that the emulator stands for. */
export const ENDPOINT = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
/** The command that runs rdsiam from the source tree. */
export const RDSIAM = [
  Deno.execPath(),
  "run",
  "--no-prompt",
  ...PERMISSIONS,
  MAIN,
];

/** Nothing of this machine's own AWS or database settings. */
export const environment = Object.fromEntries(
  Object.entries(Deno.env.toObject()).filter(([name]) =>
    !/^(AWS_|PG|MYSQL_|RDSIAM_)/.test(name)
  ),
);
const running = new Set<Deno.ChildProcess>();
let isStopping = false;

/** What a program did. */
export interface Result {
  success: boolean;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export async function run(
  [program = "", ...args]: readonly string[],
  env: Record<string, string>,
): Promise<Result> {
  if (isStopping) throw new Error("Interrupted");
  const child = new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.add(child);
  const { success, stdout, stderr } = await child.output();
  running.delete(child);
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Prints a command and what it answered; the demo ends when it fails. */
export async function show(
  shown: string,
  command: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  console.log(`$ ${shown}`);
  const { success, stdout, stderr } = await run(command, env);
  if (!success) throw new Error(`${shown}: ${stderr || stdout}`);
  console.log(`${shorten(stdout.trimEnd())}\n`);
  return stdout;
}

/** Tokens are long: the middle of a line that holds one is left out. */
function shorten(text: string): string {
  return text.split("\n").map((line) =>
    line.length > 200 ? `${line.slice(0, 100)}…${line.slice(-40)}` : line
  ).join("\n");
}

/** Whether a program runs on this machine. */
export async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await run([program, "--version"], environment)).success;
  } catch {
    return false;
  }
}

/** A running emulator. */
export interface DemoEmulator {
  /** `HOST:PORT` that it listens on. */
  listen: string;
  /** The file of its CA. */
  ca: string;
  master: { username: string; password: string };
  /** What it has logged. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts the emulator and reads where it listens. */
export async function startEmulator(
  ...options: string[]
): Promise<DemoEmulator> {
  const shown = ["rdsiam", "emulator", ...options, "--endpoint", ENDPOINT];
  console.log(`$ ${shown.join(" ")}`);
  const [program = "", ...args] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [...args, ...shown.slice(1), "--json"],
    env: environment,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  const logging = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write: (text) => void (log += text) }),
  );
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  if (value === undefined) {
    await logging;
    throw new Error(`The emulator did not start: ${log}`);
  }
  const { listen, ca, master } = JSON.parse(value);
  console.log(`listening on ${listen}\n`);
  async function stop() {
    child.kill("SIGTERM");
    await Promise.all([child.status, logging, reader.cancel()]);
  }
  return { listen, ca, master, log: () => log, stop };
}

/** Changes one digit of a token's signature. */
export function changeSignature(token: string): string {
  return token.trim().replace(
    /(?<=X-Amz-Signature=)./,
    (digit) => digit === "0" ? "1" : "0",
  );
}

/** Shows that a command was refused, and why, by the emulator's own log. */
export async function showRefusal(
  shown: string,
  command: readonly string[],
  env: Record<string, string>,
  emulator: DemoEmulator,
): Promise<void> {
  console.log(`$ ${shown}`);
  const { success, stderr } = await run(command, env);
  if (success) throw new Error("A token that was changed was let in");
  console.log(stderr.trimEnd());
  const reason = emulator.log().trimEnd().split("\n").at(-1) ?? "";
  console.log(`# The emulator's own log: ${reason.replace(/^\S+ \S+ /, "")}\n`);
}

/** The example key of AWS's documentation, which the emulator knows. */
export const KEY = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** Runs a demo and exits; Ctrl-C ends what it runs. */
export async function perform(demo: () => Promise<void>): Promise<never> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      isStopping = true;
      for (const child of running) {
        try {
          child.kill("SIGTERM");
        } catch {
          // It has ended already.
        }
      }
    });
  }
  try {
    await demo();
    console.log("Done; everything is cleaned up.");
    Deno.exit(0);
  } catch (error) {
    if (isStopping) {
      console.error("Interrupted; everything is cleaned up.");
      Deno.exit(130);
    }
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
