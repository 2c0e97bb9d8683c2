import type { ByteStream } from "../../core/ports/streams.ts";

/** How much is carried at a time: what a pipe of the system holds, and Deno reads at once. */
const BUFFER_BYTES = 65_536;

/** How a pipe ended. */
export interface PipeEnd {
  /** How many bytes came from the far end. */
  fromFar: number;
  /** Who ended its side, or broke the connection, first; `undefined` when it was told to stop. */
  endedBy: "near" | "far" | undefined;
}

/**
 * Carries bytes both ways until both sides have ended theirs, or one breaks; then both are closed. A side is not read
 * from while the other one takes nothing, and the end of one way leaves the other open.
 *
 * @param check sees the first bytes of the far end, before they are handed on; what it throws ends the pipe, and is thrown
 * @param signal ends the pipe when it aborts
 */
export async function pipe(
  near: ByteStream,
  far: ByteStream,
  check: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<PipeEnd> {
  const end: PipeEnd = { fromFar: 0, endedBy: undefined };
  let isOpen = true;
  function close() {
    if (!isOpen) return;
    isOpen = false;
    closeQuietly(near);
    closeQuietly(far);
  }
  function ended(by: PipeEnd["endedBy"]) {
    if (isOpen) end.endedBy ??= by;
  }
  function broken(by: PipeEnd["endedBy"]) {
    ended(by);
    close();
  }
  if (signal.aborted) close();
  signal.addEventListener("abort", close);
  try {
    await Promise.all([
      carry(near, far, () => {}, () => ended("near")).catch((
        failure: CarryError,
      ) => broken(failure.isOfSource ? "near" : "far")),
      carry(far, near, (bytes) => {
        if (end.fromFar === 0) check(bytes);
        end.fromFar += bytes.length;
      }, () => ended("far")).catch((failure) => {
        if (!(failure instanceof CarryError)) {
          close();
          throw failure;
        }
        broken(failure.isOfSource ? "far" : "near");
      }),
    ]);
    return end;
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** One side broke. */
class CarryError extends Error {
  /** Whether it is the one that was read from. */
  readonly isOfSource: boolean;

  constructor(isOfSource: boolean, cause: unknown) {
    super("The connection is broken", { cause });
    this.isOfSource = isOfSource;
  }
}

async function carry(
  from: ByteStream,
  to: ByteStream,
  see: (bytes: Uint8Array) => void,
  ended: () => void,
): Promise<void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  while (true) {
    const count = await from.read(buffer).catch((error) => {
      throw new CarryError(true, error);
    });
    if (count === null) break;
    see(buffer.subarray(0, count));
    try {
      for (let done = 0; done < count;) {
        done += await to.write(buffer.subarray(done, count));
      }
    } catch (error) {
      throw new CarryError(false, error);
    }
  }
  ended();
  // Where the other side has broken meanwhile, its own reading tells.
  await to.closeWrite().catch(() => {});
}

function closeQuietly(stream: ByteStream) {
  try {
    stream.close();
  } catch {
    // It has been closed by what broke it.
  }
}
