import type { AcceptedStream, Listener } from "../../core/ports/streams.ts";
import type { Backend } from "../../core/emulator/backend.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { createJudge, type JudgeOptions } from "./judge.ts";
import { serveClient } from "./serve_client.ts";

/** What an emulator is to be. */
export interface EmulatorOptions extends Omit<JudgeOptions, "clock"> {
  /** Where it listens; port 0 for a free one. */
  listen: { host: string; port: number };
}

/** What an emulator needs from outside. */
export interface EmulatorPorts {
  backend: Backend;
  clock: Clock;
  /** Listens and hands over each connection. */
  listen: (
    host: string,
    port: number,
    accept: (stream: AcceptedStream) => void,
  ) => Promise<Listener>;
  /** Hears what happened to each login, for the emulator's own log. */
  log: (line: string) => void;
}

/** Starts to accept logins the way RDS does. */
export async function startEmulator(
  options: EmulatorOptions,
  ports: EmulatorPorts,
): Promise<Listener> {
  const { backend, clock, log } = ports;
  const judge = createJudge({ ...options, clock });
  const { host, port } = options.listen;
  return await ports.listen(host, port, (stream) => {
    serveClient(stream, { backend, clock, judge, log }).catch(() => {
      // The log itself is broken: there is nowhere left to tell.
      stream.close();
    });
  });
}
