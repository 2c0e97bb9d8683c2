import type {
  AcceptedStream,
  Listener,
  TcpAddress,
} from "../../core/ports/streams.ts";
import type { Backend } from "../../core/emulator/backend.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { Connection } from "../connection/connection.ts";
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
  ) => Listener<TcpAddress>;
  /** Hears what happened to each login, for the emulator's own log. */
  log: (line: string) => void;
}

/** Starts to accept logins the way RDS does. Closing it ends every connection. */
export function startEmulator(
  options: EmulatorOptions,
  ports: EmulatorPorts,
): Listener<TcpAddress> {
  const { backend, clock, log } = ports;
  const judge = createJudge({ ...options, clock });
  const { host, port } = options.listen;
  const clients = new Map<Connection, Promise<void>>();
  const listener = ports.listen(host, port, (accepted) => {
    const client = new Connection(accepted);
    const served = serveClient(client, { backend, clock, judge, log })
      .catch(() => {
        // The log itself is broken: there is nowhere left to tell.
      })
      .finally(() => {
        client.close();
        clients.delete(client);
      });
    clients.set(client, served);
  });
  return {
    address: listener.address,
    async close() {
      await listener.close();
      for (const client of clients.keys()) client.close();
      await Promise.all(clients.values());
    },
  };
}
