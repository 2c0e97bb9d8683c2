import { atMost } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";
import { join } from "node:path";
import { SSH_READY, sshMasterArgs } from "../../core/tunnel/ssh.ts";
import {
  formatTunnel,
  type SshTunnelSpec,
} from "../../core/target/tunnel_spec.ts";
import { SupervisedProcess } from "../local_server/supervised_process.ts";
import { TunnelError, type TunnelFault } from "../../core/tunnel/fault.ts";
import { sshError } from "./ssh_error.ts";

/** A connection to a bastion that others share. */
export interface SshMaster extends AsyncDisposable {
  program: string;
  /** Path of its control socket; `undefined` for that of the user's configuration. */
  socket: string | undefined;
  /** Whether it is the user's own, which stays. */
  isShared: boolean;
  /** A private folder for sockets, gone when the connection is closed. */
  folder: string;
  /** A mark to what it has printed so far. */
  mark(): number;
  /** What it has printed since a mark, 0 for all; the last lines are kept. */
  linesSince(mark: number): readonly string[];
  readonly isUp: boolean;
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
  /** Waits for the next line, so many milliseconds at most. */
  nextLine(ms: number): Promise<void>;
  /** Adds what is to be done before it is closed. */
  onClose(task: () => Promise<unknown>): void;
}

/** How many lines are kept. */
const KEPT_LINES = 200;

/** How long the connection and the login may take, in milliseconds. */
const OPEN_MS = 20_000;

const NO_ANSWER: TunnelFault = {
  reason: "timeout",
  why: `the bastion accepts no login within ${OPEN_MS / 1000} s`,
  hint: "Try the same bastion by hand: ssh",
};

/** What to open. */
export interface SshMasterOptions {
  spec: SshTunnelSpec;
  isShared: boolean;
  environment: Readonly<Record<string, string>>;
}

/**
 * Opens a connection that others share, or takes the user's own. It ends with this program, even when that is killed.
 *
 * @throws {TunnelError} when it does not come about
 */
export async function startSshMaster(
  program: string,
  { spec, isShared, environment }: SshMasterOptions,
  signal: AbortSignal,
): Promise<SshMaster> {
  const folder = await Deno.makeTempDir({ prefix: "rdsiam-ssh-" });
  const tasks: (() => Promise<unknown>)[] = [];
  const lines: string[] = [];
  let dropped = 0;
  let wake = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  function hear(line: string) {
    if (line.trim() === SSH_READY) return ready.resolve();
    lines.push(line);
    if (lines.length > KEPT_LINES) {
      lines.shift();
      dropped++;
    }
    wake.resolve();
    wake = Promise.withResolvers();
  }
  const socket = isShared ? undefined : join(folder, "ctl");
  const process = socket === undefined ? undefined : new SupervisedProcess(
    [program, ...sshMasterArgs(spec, socket)],
    {
      folder,
      user: undefined,
      signal: undefined,
      env: environment,
      endSignals: { first: "TERM", second: "KILL" },
      onLine: hear,
    },
  );
  let isUp = true;
  const ended = process === undefined
    ? Promise.withResolvers<never>().promise
    : process.exited.finally(() => isUp = false);
  const master: SshMaster = {
    program,
    socket,
    isShared,
    folder,
    mark: () => dropped + lines.length,
    linesSince: (mark) => lines.slice(Math.max(0, mark - dropped)),
    get isUp() {
      return isUp;
    },
    ended,
    async nextLine(ms) {
      await atMost(systemClock, ms, wake.promise);
    },
    onClose: (task) => void tasks.push(task),
    async [Symbol.asyncDispose]() {
      isUp = false;
      await Promise.allSettled(tasks.splice(0).map((task) => task()));
      await process?.stop();
      await Deno.remove(folder, { recursive: true }).catch(() => {});
    },
  };
  if (process === undefined) return master;
  const opening = Promise.race([
    ready.promise.then(() => "up" as const),
    ended.then(() => "ended" as const),
  ]);
  const first = await atMost(systemClock, OPEN_MS, opening, signal);
  if (first === "up") return master;
  await master[Symbol.asyncDispose]();
  signal.throwIfAborted();
  throw first === "ended"
    ? sshError(spec, lines)
    : new TunnelError(formatTunnel(spec), NO_ANSWER);
}
