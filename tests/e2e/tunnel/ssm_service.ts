/**
 * Systems Manager, its message service and an SSM agent, as far as port forwarding has them: real HTTP, real WebSockets, and
 * real connections to what is behind. It checks signatures no further than that there is one.
 */

import type { Buffer } from "node:buffer";
import { FakeAgent } from "../../core/tunnel/ssm/fake_agent.ts";
import { type AgentSession, AgentSmux, close } from "./agent_smux.ts";

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

/** Starts the service on a free port of loopback. */
export function startSsmService(options: SsmServiceOptions = {}): SsmService {
  const { refuse = {}, online = {}, tasks = [], noise = 0 } = options;
  const sessions = new Map<string, AgentSession>();
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

  function startAgent(session: AgentSession): FakeAgent {
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
