/** Lets so many in at once; the others wait, in the order they came. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** Makes turns of which nobody has one. */
  constructor(limit: number) {
    this.#free = limit;
  }

  /** Waits for a turn, which ends when it is disposed of; `undefined` when the signal aborts before it comes. */
  async take(signal: AbortSignal): Promise<Disposable | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free > 0) this.#free--;
    else if (!await this.#wait(signal)) return undefined;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#pass();
        isTaken = false;
      },
    };
  }

  async #wait(signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const turn = () => resolve(true);
    const leave = () => {
      const place = this.#waiting.indexOf(turn);
      if (place === -1) return; // its turn has come
      this.#waiting.splice(place, 1);
      resolve(false);
    };
    this.#waiting.push(turn);
    signal.addEventListener("abort", leave);
    const hasTurn = await promise;
    signal.removeEventListener("abort", leave);
    return hasTurn;
  }

  #pass() {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
