import { RdsiamError } from "../errors.ts";

/** Reads parsed JSON of a known shape, and names the place where it has another. */
export class JsonReader {
  readonly #value: unknown;
  readonly #path: string;

  /** Reads this value; `path` names it in errors. */
  constructor(value: unknown, path: string) {
    this.#value = value;
    this.#path = path;
  }

  #wrong(wanted: string): RdsiamError {
    return new RdsiamError(
      "failed",
      `Reading the catalog failed: ${this.#path} is not ${wanted}`,
    );
  }

  /** A member of an object. */
  get(key: string): JsonReader {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.#wrong("an object");
    }
    return new JsonReader(Reflect.get(value, key), `${this.#path}.${key}`);
  }

  /** An element of a list. */
  at(index: number): JsonReader {
    if (!Array.isArray(this.#value)) throw this.#wrong("a list");
    return new JsonReader(this.#value[index], `${this.#path}[${index}]`);
  }

  /** A list without its first elements. */
  from(index: number): JsonReader {
    if (!Array.isArray(this.#value)) throw this.#wrong("a list");
    return new JsonReader(this.#value.slice(index), this.#path);
  }

  /** All elements of a list. */
  list(): readonly JsonReader[] {
    if (!Array.isArray(this.#value)) throw this.#wrong("a list");
    return this.#value.map((value, index) =>
      new JsonReader(value, `${this.#path}[${index}]`)
    );
  }

  /** A text. */
  text(): string {
    if (typeof this.#value !== "string") throw this.#wrong("text");
    return this.#value;
  }

  /** A text, or null. */
  textOrNull(): string | null {
    return this.#value === null ? null : this.text();
  }

  /** One of these texts. */
  oneOf<Choice extends string>(choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.#value);
    if (found === undefined) throw this.#wrong(`one of ${choices.join(", ")}`);
    return found;
  }

  /** True or false. */
  flag(): boolean {
    if (typeof this.#value !== "boolean") throw this.#wrong("true or false");
    return this.#value;
  }

  /** A whole number that is not negative. */
  count(): number {
    const value = this.#value;
    if (
      typeof value !== "number" || !Number.isSafeInteger(value) || value < 0
    ) {
      throw this.#wrong("a count");
    }
    return value;
  }
}
