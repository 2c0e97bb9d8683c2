import { Buffer } from "node:buffer";
import type { FakeAgent } from "../../core/tunnel/ssm/fake_agent.ts";

/** A session of the fake service. */
export interface AgentSession {
  id: string;
  host: string;
  port: number;
  token: string;
  agent: FakeAgent | undefined;
  send: ((frame: Buffer) => void) | undefined;
  conns: Map<number, Deno.Conn>;
}

/** The agent's half of smux: connects each stream to what is behind. */
export class AgentSmux {
  readonly #session: AgentSession;
  #rest = Buffer.alloc(0);

  constructor(session: AgentSession) {
    this.#session = session;
  }

  #sending: Promise<void> = Promise.resolve();

  receive(bytes: Buffer) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 8) {
      const length = this.#rest.readUInt16LE(2);
      if (this.#rest.length < 8 + length) return;
      const command = this.#rest.readUInt8(1);
      const stream = this.#rest.readUInt32LE(4);
      const payload = Buffer.from(this.#rest.subarray(8, 8 + length));
      this.#rest = this.#rest.subarray(8 + length);
      this.#sending = this.#sending.then(() =>
        this.#handle(command, stream, payload)
      );
    }
  }

  async #handle(command: number, stream: number, payload: Buffer) {
    const { conns, host, port } = this.#session;
    if (command === 0) {
      try {
        const conn = await Deno.connect({ hostname: host, port });
        conns.set(stream, conn);
        this.#pump(stream, conn);
      } catch {
        this.#session.agent?.sendConnectError();
        this.#frame(1, stream);
      }
    } else if (command === 1) {
      const conn = conns.get(stream);
      if (conn !== undefined) close(conn);
    } else if (command === 2) {
      const conn = conns.get(stream);
      try {
        for (let at = 0; conn !== undefined && at < payload.length;) {
          at += await conn.write(payload.subarray(at));
        }
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  async #pump(stream: number, conn: Deno.Conn) {
    const buffer = new Uint8Array(4096);
    try {
      while (true) {
        const count = await conn.read(buffer);
        if (count === null) break;
        this.#frame(2, stream, buffer.subarray(0, count));
        // No more in flight than AWS's agent keeps.
        while ((this.#session.agent?.outstanding ?? 0) > 2_000) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
    } catch {
      // The client has closed it.
    }
    close(conn);
    this.#session.conns.delete(stream);
    this.#frame(1, stream);
  }

  #frame(command: number, stream: number, payload = new Uint8Array()) {
    const frame = Buffer.alloc(8 + payload.length);
    frame.writeUInt8(1, 0);
    frame.writeUInt8(command, 1);
    frame.writeUInt16LE(payload.length, 2);
    frame.writeUInt32LE(stream, 4);
    frame.set(payload, 8);
    this.#session.agent?.sendData(frame);
  }
}

/** Closes a connection that may be closed. */
export function close(conn: Deno.Conn) {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
