import type { Output } from "./output.ts";

/** Clears the line that the cursor stands in. */
const CLEAR = "\r\x1b[K";

/** The last line of a terminal, redrawn in place. */
export class StatusLine {
  readonly #output: Output;
  #isDrawn = false;

  /** Makes a line that is not drawn yet. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** Draws the line anew. */
  draw(text: string): void {
    this.#output.write(`${CLEAR}${text}`);
    this.#isDrawn = true;
  }

  /** Takes the line away, for other text to stand there. */
  clear(): void {
    if (this.#isDrawn) this.#output.write(CLEAR);
    this.#isDrawn = false;
  }
}
