import type { PassfileLine } from "./line.ts";

/** The names of a login in the order of a line's fields; `undefined` stands for any. */
export type PassfilePattern = readonly (string | undefined)[];

/** The names of a line, by which it is the same as another or not. */
export function patternOf(line: PassfileLine): PassfilePattern {
  return [line.host, line.port, line.database, line.username];
}

/** The pattern as text: the same for the same, another for another. */
export function patternKey(pattern: PassfilePattern): string {
  return pattern.map((name) => name === undefined ? "*" : `=${name}`)
    .join("\n");
}

/**
 * Finds the first of many lines that would be read in place of another one, in a time that does not grow with them:
 * lines are kept by their pattern, and a look-up tries every way to put `*` into the names looked for.
 */
export class PatternIndex {
  readonly #positions = new Map<string, number>();
  readonly #isDatabaseCompared: boolean;

  /** @param options whether the lines looked for are for one database, else for any */
  constructor({ oneDatabase }: { oneDatabase: boolean }) {
    this.#isDatabaseCompared = oneDatabase;
  }

  /** Adds the line at a position; positions are added in ascending order. */
  add(pattern: PassfilePattern, position: number): void {
    const key = patternKey(this.#compared(pattern));
    if (!this.#positions.has(key)) this.#positions.set(key, position);
  }

  /** The first position of a line that matches a login for which the pattern was made. */
  first(pattern: PassfilePattern): number | undefined {
    const names = this.#compared(pattern);
    let first: number | undefined;
    for (let any = 0; any < 1 << names.length; any++) {
      const variant = names.map((name, bit) =>
        any & 1 << bit ? undefined : name
      );
      const position = this.#positions.get(patternKey(variant));
      if (position !== undefined && !(position >= (first ?? Infinity))) {
        first = position;
      }
    }
    return first;
  }

  /** A line for any database meets every line of its user there. */
  #compared([host, port, database, username]: PassfilePattern) {
    return this.#isDatabaseCompared
      ? [host, port, username, database]
      : [host, port, username];
  }
}
