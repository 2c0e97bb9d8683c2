import { RdsiamError } from "../../core/errors.ts";
import { formatAddress } from "../../core/target/address.ts";
import {
  SupervisedProcess,
  type SupervisedProcessOptions,
} from "./supervised_process.ts";
import { dataInUseError } from "./data.ts";

/** How often a free port is picked again, because somebody else took it since. */
const PORT_ATTEMPTS = 5;

/** How a server is started, and what it says then. */
export interface ServerRun extends Omit<SupervisedProcessOptions, "onLine"> {
  /** What a message calls it. */
  product: string;
  /** The folder of the data, absolute. */
  data: string;
  /** Where it is to listen; port 0 for a free one. */
  listen: { host: string; port: number };
  /** Gives a TCP port that is free. */
  pickPort: () => number;
  /** The command, with the absolute path of the program. */
  command: (port: number) => string[];
  /** What a line of its log holds when it takes connections. */
  ready: string;
  /** What a line holds when another process uses the data. */
  dataInUse: string;
  /** Called with each line of its log. */
  onLog: ((line: string) => void) | undefined;
}

/**
 * Starts a server on its data and waits until it takes connections.
 *
 * @returns the server's process and its port
 * @throws {RdsiamError} `usage`, when another server uses the data; `failed`, when its port is taken, or with the last
 * lines of its log
 */
export async function runServer(
  run: ServerRun,
): Promise<{ process: SupervisedProcess; port: number }> {
  const { product, listen, signal } = run;
  for (let attempt = 1;; attempt++) {
    const port = listen.port || run.pickPort();
    const ready = Promise.withResolvers<"ready">();
    const command = run.command(port);
    const process = new SupervisedProcess(command, {
      ...run,
      onLine(line) {
        if (line.includes(run.ready)) ready.resolve("ready");
        run.onLog?.(line);
      },
    });
    const outcome = await Promise.race([ready.promise, process.exited]);
    if (outcome === "ready") return { process, port };
    signal?.throwIfAborted();
    const says = (text: string) =>
      process.lastLines.some((line) => line.includes(text));
    if (says("Address already in use")) {
      if (listen.port !== 0) throw portError(formatAddress(listen.host, port));
      if (attempt < PORT_ATTEMPTS) continue;
    }
    if (says(run.dataInUse)) throw dataInUseError(run.data);
    throw startError(product, command, outcome, process.lastLines);
  }
}

/** A TCP port of this machine that nobody listens on. */
export function pickFreePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The error of a program that ended too early. */
export function startError(
  product: string,
  [program = ""]: readonly string[],
  code: number,
  lastLines: readonly string[],
): RdsiamError {
  return new RdsiamError(
    "failed",
    [
      `${product} cannot be started: ${
        program.replace(/^.*\//, "")
      } ended with code ${code} and these lines`,
      ...lastLines,
    ].join("\n  "),
  );
}

function portError(name: string): RdsiamError {
  return new RdsiamError(
    "failed",
    `Address ${name} cannot be listened on: another program listens there`,
    { hint: "Name another with --listen, or port 0 for a free one" },
  );
}
