/**
 * The client's half of smux version 1 (github.com/xtaci/smux, as the agent has it): many streams over one. All numbers are
 * little-endian. There are no windows: a stream that nobody reads holds up the others.
 */

/** What a stream gets. */
export type SmuxEvent =
  | { stream: number; kind: "data"; bytes: Uint8Array }
  | { stream: number; kind: "end" };

const VERSION = 1;
const SYN = 0;
const FIN = 1;
const PSH = 2;
const HEADER_BYTES = 8;

/** The most bytes of one frame. */
const FRAME_BYTES = 32_768;

/** Splits what comes into frames, and makes those that go. */
export class Smux {
  #rest: Uint8Array = new Uint8Array();
  #nextStream = 3;

  /** Opens a stream. */
  open(): { stream: number; bytes: Uint8Array } {
    const stream = this.#nextStream;
    this.#nextStream += 2;
    return { stream, bytes: encodeFrame(SYN, stream) };
  }

  /** Ends a stream. */
  close(stream: number): Uint8Array {
    return encodeFrame(FIN, stream);
  }

  /** Writes bytes to a stream. */
  write(stream: number, bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
      const part = bytes.subarray(at, at + FRAME_BYTES);
      frames.push(encodeFrame(PSH, stream, part));
    }
    return frames;
  }

  /**
   * Takes the bytes that came.
   *
   * @throws {SyntaxError} when they are no frames of this version
   */
  receive(bytes: Uint8Array): SmuxEvent[] {
    const events: SmuxEvent[] = [];
    let rest = join(this.#rest, bytes);
    while (rest.length >= HEADER_BYTES) {
      const view = new DataView(rest.buffer, rest.byteOffset, HEADER_BYTES);
      if (view.getUint8(0) !== VERSION) {
        throw new SyntaxError("The agent does not speak smux version 1");
      }
      const end = HEADER_BYTES + view.getUint16(2, true);
      if (rest.length < end) break;
      const stream = view.getUint32(4, true);
      const command = view.getUint8(1);
      if (command === PSH) {
        const data = rest.slice(HEADER_BYTES, end);
        events.push({ stream, kind: "data", bytes: data });
      } else if (command === FIN) events.push({ stream, kind: "end" });
      rest = rest.subarray(end);
    }
    this.#rest = rest.slice();
    return events;
  }
}

function encodeFrame(
  command: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, command);
  view.setUint16(2, payload.length, true);
  view.setUint32(4, stream, true);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
