import { environment, RDSIAM } from "./rdsiam.ts";

/** The endpoint that the emulators of tests stand for. */
export const EMULATED_ENDPOINT =
  "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** A running `rdsiam emulator`, whatever its engine. */
export interface EmulatorProcess extends AsyncDisposable {
  /** `HOST:PORT` that it listens on. */
  listen: string;
  port: number;
  pid: number;
  /** The file of its CA. */
  ca: string;
  master: { username: string; password: string };
  /** What it has logged. */
  log(): string;
  /** Waits until it has logged this: what it writes arrives a moment after what it answers. */
  untilLogged(pattern: RegExp): Promise<void>;
}

/**
 * Starts `rdsiam emulator` and waits until it is ready.
 *
 * @throws with what it logged, when it does not start
 */
export async function startEmulatorProcess(
  ...args: string[]
): Promise<EmulatorProcess> {
  const [program, ...rest] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [
      ...rest,
      ...["emulator", "--json", "--endpoint", EMULATED_ENDPOINT],
      ...args,
    ],
    env: environment(),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  const logging = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write: (text) => void (log += text) }),
  );
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await lines.read();
  if (value === "") {
    await logging;
    throw new Error(`The emulator did not start: ${log}`);
  }
  const { listen, ca, master } = JSON.parse(value);
  return {
    listen,
    port: Number(listen.split(":").at(-1)),
    pid: child.pid,
    ca,
    master,
    log: () => log,
    async untilLogged(pattern) {
      for (let attempt = 0; attempt < 1000; attempt++) {
        if (pattern.test(log)) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`The emulator never logged ${pattern}, but:\n${log}`);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await logging;
      await lines.cancel();
    },
  };
}
