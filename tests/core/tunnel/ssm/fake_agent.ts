/**
 * The agent's half of a data channel, for tests: written from the protocol apart from the client, so that a misreading would
 * show.
 */

import { createHash, randomUUID } from "node:crypto";
import { Buffer } from "node:buffer";

/** A message as it lies in a frame. */
export interface Frame {
  type: string;
  sequence: bigint;
  flags: bigint;
  id: string;
  payloadType: number;
  payload: Buffer;
}

/** Writes a frame. */
export function writeFrame(frame: Omit<Frame, "id"> & { id?: string }): Buffer {
  const { type, sequence, flags, payloadType, payload } = frame;
  const id = Buffer.from(
    (frame.id ?? randomUUID()).replaceAll("-", ""),
    "hex",
  );
  const head = Buffer.alloc(120);
  head.writeUInt32BE(116, 0);
  head.write(type.padEnd(32, " "), 4, "latin1");
  head.writeUInt32BE(1, 36);
  head.writeBigUInt64BE(1_700_000_000_000n, 40);
  head.writeBigInt64BE(sequence, 48);
  head.writeBigUInt64BE(flags, 56);
  id.copy(head, 64, 8, 16);
  id.copy(head, 72, 0, 8);
  createHash("sha256").update(payload).digest().copy(head, 80);
  head.writeUInt32BE(payloadType, 112);
  head.writeUInt32BE(payload.length, 116);
  return Buffer.concat([head, payload]);
}

/** Reads a frame, and insists that everything in it is right. */
export function readFrame(bytes: Uint8Array): Frame {
  const all = Buffer.from(bytes);
  const payload = all.subarray(120);
  const digest = createHash("sha256").update(payload).digest();
  if (
    all.readUInt32BE(0) !== 116 || all.readUInt32BE(36) !== 1 ||
    all.readUInt32BE(116) !== payload.length ||
    !all.subarray(80, 112).equals(digest)
  ) throw new Error("The frame is not well-formed");
  const hex = all.toString("hex", 72, 80) + all.toString("hex", 64, 72);
  return {
    type: all.toString("latin1", 4, 36).trimEnd(),
    sequence: all.readBigInt64BE(48),
    flags: all.readBigUInt64BE(56),
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    payloadType: all.readUInt32BE(112),
    payload,
  };
}

/** What a fake agent tells of. */
export interface AgentEvents {
  /** A frame for the client. */
  send: (frame: Buffer) => void;
  /** The client's answer to the handshake. */
  answered?: (answer: unknown) => void;
  /** Bytes of the client, in their order. */
  data?: (bytes: Buffer) => void;
  /** The client wants the session to end. */
  terminated?: () => void;
}

/** An agent that acknowledges what it gets and sends again what is not acknowledged. */
export class FakeAgent {
  readonly #events: AgentEvents;
  readonly #unacknowledged = new Map<bigint, Buffer>();
  readonly #waiting = new Map<bigint, Frame>();
  #sent = 0n;
  #received = 0n;

  constructor(events: AgentEvents) {
    this.#events = events;
  }

  /** How many frames the client has not acknowledged. */
  get outstanding(): number {
    return this.#unacknowledged.size;
  }

  /** Begins the handshake. */
  shakeHands(
    version = "3.2.2303.0",
    actions: unknown[] = [{
      ActionType: "SessionType",
      ActionParameters: {
        SessionType: "Port",
        Properties: { portNumber: "5432", type: "LocalPortForwarding" },
      },
    }],
  ) {
    this.#send(5, {
      AgentVersion: version,
      RequestedClientActions: actions,
    });
  }

  /** Ends the handshake. */
  completeHandshake() {
    this.#send(7, { HandshakeTimeToComplete: 1_000_000, CustomerMessage: "" });
  }

  /** Sends bytes of a connection, 1024 a frame. */
  sendData(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += 1024) {
      this.#send(1, Buffer.from(bytes.subarray(at, at + 1024)));
    }
  }

  /** Says that it could not connect. */
  sendConnectError() {
    this.#send(10, Buffer.from([0, 0, 0, 3]));
  }

  /** Ends the channel. */
  closeChannel(output: string) {
    this.#events.send(writeFrame({
      type: "channel_closed",
      sequence: 0n,
      flags: 0n,
      payloadType: 0,
      payload: Buffer.from(JSON.stringify({ SessionId: "s", Output: output })),
    }));
  }

  /** Sends everything again that is not acknowledged. */
  resend() {
    for (const frame of this.#unacknowledged.values()) this.#events.send(frame);
  }

  /** Takes a frame of the client. */
  receive(bytes: Uint8Array) {
    const frame = readFrame(bytes);
    if (frame.type === "acknowledge") {
      const content = JSON.parse(frame.payload.toString());
      if (
        content.AcknowledgedMessageType !== "output_stream_data" ||
        content.IsSequentialMessage !== true || frame.flags !== 3n
      ) throw new Error("The acknowledgement is not well-formed");
      const sequence = BigInt(content.AcknowledgedMessageSequenceNumber);
      const sent = this.#unacknowledged.get(sequence);
      if (
        sent !== undefined &&
        readFrame(sent).id !== content.AcknowledgedMessageId
      ) {
        throw new Error("Another message was acknowledged");
      }
      this.#unacknowledged.delete(sequence);
      return;
    }
    if (frame.type !== "input_stream_data") throw new Error(frame.type);
    if (frame.payload.length > 1024 && frame.payloadType === 1) {
      throw new Error("The message is too long");
    }
    this.#events.send(writeFrame({
      type: "acknowledge",
      sequence: 0n,
      flags: 3n,
      payloadType: 0,
      payload: Buffer.from(JSON.stringify({
        AcknowledgedMessageType: frame.type,
        AcknowledgedMessageId: frame.id,
        AcknowledgedMessageSequenceNumber: Number(frame.sequence),
        IsSequentialMessage: true,
      })),
    }));
    if (frame.sequence < this.#received) return;
    this.#waiting.set(frame.sequence, frame);
    while (true) {
      const next = this.#waiting.get(this.#received);
      if (next === undefined) return;
      this.#waiting.delete(this.#received++);
      if (next.payloadType === 1) this.#events.data?.(next.payload);
      if (next.payloadType === 6) {
        this.#events.answered?.(JSON.parse(next.payload.toString()));
      }
      if (next.payloadType === 10 && next.payload[3] === 2) {
        this.#events.terminated?.();
      }
    }
  }

  #send(payloadType: number, content: Buffer | object) {
    const payload = Buffer.isBuffer(content)
      ? content
      : Buffer.from(JSON.stringify(content));
    const sequence = this.#sent++;
    const type = "output_stream_data";
    const frame = writeFrame({
      type,
      sequence,
      flags: 0n,
      payloadType,
      payload,
    });
    this.#unacknowledged.set(sequence, frame);
    this.#events.send(frame);
  }
}
