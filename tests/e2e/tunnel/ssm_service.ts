/**
 * Systems Manager, its message service and an SSM agent, as far as port forwarding has them: real HTTP, real WebSockets, and
 * real connections to what is behind. It checks signatures no further than that there is one.
 */

import { Buffer } from "node:buffer";
import { FakeAgent } from "../../core/tunnel/ssm/fake_agent.ts";

/** What the service answers differently. */
export interface SsmServiceOptions {
  /** Answers operations with an error: its code and message. */
  refuse?: Record<string, { code: string; message: string }>;
  /** Instances that are online, by their tags `Name`. */
  online?: Record<string, string[]>;
  /** Tasks of the service, as ECS describes them. */
  tasks?: unknown[];
  agentVersion?: string;
  /** What the agent's handshake asks for. */
  actions?: unknown[];
  /** Loses and repeats messages both ways, each so many times of 100. */
  noise?: number;
  /** The agent accepts a session and says nothing. */
  isSilent?: boolean;
}

/** A running service. */
export interface SsmService extends AsyncDisposable {
  url: string;
  /** The operations that were called, with what they got. */
  calls: { operation: string; input: Record<string, unknown> }[];
  /** The sessions that are open. */
  open: Set<string>;
  /** How often clients asked for a channel. */
  channels: number;
  /** Breaks every WebSocket, as the service does about hourly. */
  breakSockets(): void;
  /** Ends every session, as an administrator does. */
  endSessions(why: string): void;
}

interface Session {
  id: string;
  host: string;
  port: number;
  token: string;
  agent: FakeAgent | undefined;
  send: ((frame: Buffer) => void) | undefined;
  conns: Map<number, Deno.Conn>;
}

/** Starts the service on a free port of loopback. */
export function startSsmService(options: SsmServiceOptions = {}): SsmService {
  const { refuse = {}, online = {}, tasks = [], noise = 0 } = options;
  const sessions = new Map<string, Session>();
  const calls: SsmService["calls"] = [];
  const sockets = new Set<WebSocket>();
  const timers = new Set<ReturnType<typeof setInterval>>();
  let channels = 0;

  function answer(operation: string, input: Record<string, unknown>): unknown {
    switch (operation) {
      case "StartSession": {
        const parameters = input.Parameters as Record<string, string[]>;
        const id = `session-${sessions.size}`;
        sessions.set(id, {
          id,
          host: parameters.host?.[0] ?? "",
          port: Number(parameters.portNumber?.[0]),
          token: crypto.randomUUID(),
          agent: undefined,
          send: undefined,
          conns: new Map(),
        });
        return describe(id);
      }
      case "ResumeSession":
        return sessions.has(`${input.SessionId}`)
          ? describe(`${input.SessionId}`)
          : { SessionId: input.SessionId };
      case "TerminateSession":
        end(`${input.SessionId}`);
        return { SessionId: input.SessionId };
      case "DescribeInstanceInformation": {
        const [filter] = input.Filters as { Key: string; Values: string[] }[];
        const ids = filter?.Key === "tag:Name"
          ? online[filter.Values[0] ?? ""] ?? []
          : [];
        return {
          InstanceInformationList: ids.map((InstanceId) => ({ InstanceId })),
        };
      }
      case "ListTasks":
        return {
          taskArns: tasks.map((_, index) =>
            `arn:aws:ecs:eu-west-1:1:task/${input.cluster}/task${index}`
          ),
        };
      case "DescribeTasks":
        return { tasks };
    }
  }

  function describe(id: string) {
    const session = sessions.get(id);
    return {
      SessionId: id,
      StreamUrl: `ws://127.0.0.1:${server.addr.port}/v1/data-channel/${id}`,
      TokenValue: session?.token,
    };
  }

  function end(id: string) {
    const session = sessions.get(id);
    sessions.delete(id);
    for (const conn of session?.conns.values() ?? []) close(conn);
  }

  function serveChannel(id: string, socket: WebSocket) {
    channels++;
    socket.binaryType = "arraybuffer";
    sockets.add(socket);
    const session = sessions.get(id);
    if (session === undefined) return socket.close();
    const chance = () => Math.random() * 100 < noise;
    const send = (frame: Buffer) => {
      for (const isLost of [chance(), !chance()]) {
        if (!isLost && socket.readyState === WebSocket.OPEN) socket.send(frame);
      }
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") {
        const hello = JSON.parse(data);
        if (
          hello.MessageSchemaVersion !== "1.0" ||
          hello.TokenValue !== session.token
        ) return socket.close();
        session.send = send;
        if (session.agent !== undefined) return session.agent.resend();
        session.agent = startAgent(session);
        if (!options.isSilent) {
          session.agent.shakeHands(options.agentVersion, options.actions);
        }
        return;
      }
      const frame = new Uint8Array(data);
      if (chance()) return;
      session.agent?.receive(frame);
      if (chance()) session.agent?.receive(frame);
    };
    socket.onclose = () => sockets.delete(socket);
  }

  function startAgent(session: Session): FakeAgent {
    const smux = new AgentSmux(session);
    const agent: FakeAgent = new FakeAgent({
      send: (frame) => session.send?.(frame),
      answered: () => agent.completeHandshake(),
      data: (bytes) => smux.receive(bytes),
      terminated: () => end(session.id),
    });
    const timer = setInterval(() => {
      if (sessions.has(session.id)) agent.resend();
      else clearInterval(timer);
    }, 200);
    timers.add(timer);
    return agent;
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.headers.get("upgrade") === "websocket") {
        const { socket, response } = Deno.upgradeWebSocket(request);
        const id = pathname.split("/").at(-1) ?? "";
        socket.onopen = () => serveChannel(id, socket);
        return response;
      }
      const operation =
        request.headers.get("x-amz-target")?.split(".").at(-1) ?? "";
      const input = await request.json();
      calls.push({ operation, input });
      const isSigned = request.headers.get("authorization")
        ?.startsWith("AWS4-HMAC-SHA256 Credential=") ?? false;
      const refusal = isSigned
        ? refuse[operation]
        : { code: "MissingAuthenticationToken", message: "Sign it" };
      if (refusal !== undefined) {
        const { code, message } = refusal;
        const body = { __type: `com.amazonaws.ssm#${code}`, message };
        return Response.json(body, { status: 400 });
      }
      return Response.json(answer(operation, input));
    },
  );

  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    calls,
    get open() {
      return new Set(sessions.keys());
    },
    get channels() {
      return channels;
    },
    breakSockets() {
      for (const socket of sockets) socket.close();
    },
    endSessions(why) {
      for (const session of sessions.values()) session.agent?.closeChannel(why);
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer);
      for (const id of sessions.keys()) end(id);
      for (const socket of sockets) socket.close();
      await server.shutdown();
    },
  };
}

/** The agent's half of smux: connects each stream to what is behind. */
class AgentSmux {
  readonly #session: Session;
  #rest = Buffer.alloc(0);

  constructor(session: Session) {
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

function close(conn: Deno.Conn) {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
