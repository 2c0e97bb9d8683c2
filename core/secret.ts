/** What stands where a secret would. */
export const MASK = "[secret]";

/**
 * A value that never prints itself: strings, JSON and `console.log` show `[secret]`. Only {@linkcode Secret.reveal}
 * unwraps it, at the hand-over to a client.
 *
 * @example A secret in a message stays hidden
 * ```ts
 * import { Secret } from "./secret.ts";
 *
 * const secret = new Secret("hunter2");
 * if (`${secret}` !== "[secret]" || secret.reveal() !== "hunter2") throw new Error("not hidden");
 * ```
 */
export class Secret {
  readonly #value: string;

  /** Wraps a value. */
  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  /** Always `[secret]`. */
  toString(): string {
    return MASK;
  }

  /** Always `[secret]`. */
  toJSON(): string {
    return MASK;
  }

  /** Always `[secret]`: what Deno's inspection shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return MASK;
  }

  /** Always `[secret]`: what Node's inspection shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}
