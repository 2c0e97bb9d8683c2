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
