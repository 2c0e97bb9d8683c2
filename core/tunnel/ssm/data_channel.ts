import {
  type AgentMessage,
  decodeAgentMessage,
  encodeAgentMessage,
  FLAG,
  PAYLOAD,
} from "./agent_message.ts";
import { answerHandshake } from "./handshake.ts";
import { ResendTimer } from "./resend_timer.ts";

/** What a data channel tells of. */
export type ChannelEvent =
  /** A frame is to be sent on the WebSocket. */
  | { kind: "send"; frame: Uint8Array }
  /** Bytes came, in their order. */
  | { kind: "data"; bytes: Uint8Array }
  /** The handshake is done: data may be sent. */
  | { kind: "ready"; agentVersion: string }
  /** The agent could not connect to what is behind it. */
  | { kind: "connect-error" }
  /** The agent wants what is sent to be encrypted with a key of KMS. */
  | { kind: "encryption" }
  /** The session has ended; `why` is what AWS says of it, if anything. */
  | { kind: "closed"; why: string };

/** What of the outside a channel needs to know. */
export interface ChannelPorts {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A new UUID, as text. */
  uuid: () => string;
}

/** How much goes into one message; AWS's own limit. */
export const MESSAGE_BYTES = 1024;

/** How many messages may wait for their acknowledgement before nothing more is to be sent. */
export const WINDOW = 1_000;

/** How many messages ahead of the next one are kept. */
const MOST_AHEAD = 10_000;

/** How often a message is sent before the session counts as lost; AWS's own limit. */
const MOST_SENDINGS = 3_000;

/** How many messages are sent again at a time. */
const MOST_AGAIN = 50;

interface Sent {
  frame: Uint8Array;
  firstAt: number;
  sentAt: number;
  sendings: number;
}

/**
 * The client's half of a data channel, without its socket: frames and time in, events out. Messages may be lost, come twice
 * and in any order; the bytes come out as they were sent. Each message is acknowledged, and sent again until it is.
 */
export class DataChannel {
  readonly #ports: ChannelPorts;
  readonly #timer = new ResendTimer();
  readonly #unacknowledged = new Map<number, Sent>();
  readonly #ahead = new Map<number, AgentMessage>();
  #nextToSend = 0;
  #nextToReceive = 0;
  #agentVersion = "";
  #lastReceived: AgentMessage | undefined;

  /** Makes a channel on which nothing has come yet. */
  constructor(ports: ChannelPorts) {
    this.#ports = ports;
  }

  /** Whether more may be sent now. */
  get hasRoom(): boolean {
    return this.#unacknowledged.size < WINDOW;
  }

  /** How long the oldest message has waited for its acknowledgement, in milliseconds. */
  get waitingMs(): number {
    const [oldest] = this.#unacknowledged.values();
    return oldest === undefined ? 0 : this.#ports.now() - oldest.firstAt;
  }

  /**
   * Takes a frame of the WebSocket.
   *
   * @throws {SyntaxError} when it is no message
   */
  receive(frame: Uint8Array): ChannelEvent[] {
    const message = decodeAgentMessage(frame);
    switch (message.type) {
      case "output_stream_data":
        return this.#take(message);
      case "acknowledge":
        this.#acknowledged(message);
        return [];
      case "channel_closed":
        return [{ kind: "closed", why: readJson(message).Output ?? "" }];
      default: // start_publication and pause_publication: what is not acknowledged is sent again anyway
        return [];
    }
  }

  /** Makes frames of bytes. */
  send(bytes: Uint8Array): ChannelEvent[] {
    const events: ChannelEvent[] = [];
    for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) {
      const part = bytes.subarray(at, at + MESSAGE_BYTES);
      events.push(this.#sendPayload(PAYLOAD.data, part));
    }
    return events;
  }

  /** Asks the agent to end the session. */
  terminate(): ChannelEvent[] {
    return [
      this.#sendPayload(
        PAYLOAD.flag,
        Uint8Array.of(0, 0, 0, FLAG.terminateSession),
      ),
    ];
  }

  /** What has waited too long for its acknowledgement, to be sent again, the oldest first and not too much at a time. */
  resend(): ChannelEvent[] {
    const now = this.#ports.now();
    const events: ChannelEvent[] = [];
    for (const sent of this.#unacknowledged.values()) {
      const isLate = now - sent.sentAt >= this.#timer.waitMs;
      if (!isLate || events.length === MOST_AGAIN) break;
      if (sent.sendings >= MOST_SENDINGS) {
        return [{ kind: "closed", why: "the agent acknowledges nothing" }];
      }
      sent.sendings++;
      sent.sentAt = now;
      events.push({ kind: "send", frame: sent.frame });
    }
    return events;
  }

  /** A frame that changes nothing, for a WebSocket that nothing was sent on for long. */
  keepAlive(): ChannelEvent[] {
    const last = this.#lastReceived;
    return last === undefined ? [] : [this.#acknowledge(last)];
  }

  #take(message: AgentMessage): ChannelEvent[] {
    const { sequence } = message;
    // What came before was acknowledged before; that acknowledgement may be lost.
    if (sequence < this.#nextToReceive) return [this.#acknowledge(message)];
    if (sequence >= this.#nextToReceive + MOST_AHEAD) return [];
    this.#lastReceived = message;
    this.#ahead.set(sequence, message);
    const events: ChannelEvent[] = [this.#acknowledge(message)];
    while (true) {
      const next = this.#ahead.get(this.#nextToReceive);
      if (next === undefined) return events;
      this.#ahead.delete(this.#nextToReceive++);
      events.push(...this.#process(next));
    }
  }

  #process({ payloadType, payload }: AgentMessage): ChannelEvent[] {
    switch (payloadType) {
      case PAYLOAD.data:
        return [{ kind: "data", bytes: payload }];
      case PAYLOAD.handshakeRequest: {
        const answer = answerHandshake(payload);
        this.#agentVersion = answer.agentVersion;
        return [
          this.#sendPayload(PAYLOAD.handshakeResponse, answer.payload),
          ...(answer.wantsEncryption ? [{ kind: "encryption" } as const] : []),
        ];
      }
      case PAYLOAD.handshakeComplete:
        return [{ kind: "ready", agentVersion: this.#agentVersion }];
      case PAYLOAD.encryptionChallenge:
        return [{ kind: "encryption" }];
      case PAYLOAD.flag:
        return payload[3] === FLAG.connectError
          ? [{ kind: "connect-error" }]
          : [];
      default:
        return [];
    }
  }

  #sendPayload(payloadType: number, payload: Uint8Array): ChannelEvent {
    const sequence = this.#nextToSend++;
    const now = this.#ports.now();
    const frame = encodeAgentMessage({
      type: "input_stream_data",
      createdAt: now,
      sequence,
      flags: 0,
      id: this.#ports.uuid(),
      payloadType,
      payload,
    });
    this.#unacknowledged.set(sequence, {
      ...{ frame, firstAt: now, sentAt: now, sendings: 1 },
    });
    return { kind: "send", frame };
  }

  #acknowledge({ type, id, sequence }: AgentMessage): ChannelEvent {
    const content = {
      AcknowledgedMessageType: type,
      AcknowledgedMessageId: id,
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    };
    const frame = encodeAgentMessage({
      type: "acknowledge",
      createdAt: this.#ports.now(),
      sequence: 0,
      flags: 3,
      id: this.#ports.uuid(),
      payloadType: 0,
      payload: new TextEncoder().encode(JSON.stringify(content)),
    });
    return { kind: "send", frame };
  }

  #acknowledged(message: AgentMessage) {
    const sequence = Number(
      readJson(message).AcknowledgedMessageSequenceNumber,
    );
    const sent = this.#unacknowledged.get(sequence);
    if (sent === undefined) return;
    this.#unacknowledged.delete(sequence);
    // Of one that was sent twice, nobody knows which was acknowledged (Karn's algorithm).
    if (sent.sendings === 1) this.#timer.learn(this.#ports.now() - sent.sentAt);
  }
}

function readJson(
  { payload }: AgentMessage,
): { Output?: string; AcknowledgedMessageSequenceNumber?: number } {
  return JSON.parse(new TextDecoder().decode(payload));
}
