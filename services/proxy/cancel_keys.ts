import type { Target } from "../../core/target/target.ts";

/** Where the session that a cancel key belongs to is. */
export interface CancelRoute {
  target: Target;
  /** The very server: an endpoint's name may lead to another one next time. */
  address: { host: string; port: number };
}

/** The cancel keys of the open sessions. Clients get the database's own keys, so this finds out whose one is. */
export class CancelKeys {
  readonly #routes = new Map<string, CancelRoute>();

  /** Remembers a key until the result is disposed of. */
  add(key: Uint8Array, route: CancelRoute): Disposable {
    const name = nameOf(key);
    this.#routes.set(name, route);
    return {
      [Symbol.dispose]: () => {
        if (this.#routes.get(name) === route) this.#routes.delete(name);
      },
    };
  }

  /** Where the session of a key is; `undefined` when there is none. */
  find(key: Uint8Array): CancelRoute | undefined {
    return this.#routes.get(nameOf(key));
  }
}

function nameOf(key: Uint8Array): string {
  return String.fromCharCode(...key);
}
