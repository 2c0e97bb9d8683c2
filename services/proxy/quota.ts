import type { Connection } from "../connection/connection.ts";

/** So many may be in at once. */
export class Quota {
  /** The limit. */
  readonly limit: number;
  #used = 0;

  /** Makes a quota that nothing is taken of. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many are in. */
  get used(): number {
    return this.#used;
  }

  /** Takes a place, which is free again when it is disposed of; `undefined` when there is none. */
  take(): Disposable | undefined {
    if (this.#used >= this.limit) return undefined;
    this.#used++;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#used--;
        isTaken = false;
      },
    };
  }
}

/**
 * Takes one of the places for connections that are not logged in yet; it is free again when it is disposed of. The client
 * that has it is disconnected when the proxy ends.
 *
 * @throws what `tooMany` makes, when there is none
 */
export function takeHalfOpen(
  client: Connection,
  { halfOpen, signal }: { halfOpen: Quota; signal: AbortSignal },
  tooMany: () => Error,
): Disposable {
  const place = halfOpen.take();
  if (place === undefined) throw tooMany();
  const held = new DisposableStack();
  held.use(place);
  const disconnect = () => client.close();
  signal.addEventListener("abort", disconnect);
  held.defer(() => signal.removeEventListener("abort", disconnect));
  return held;
}
