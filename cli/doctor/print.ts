import type { CheckName, CheckResult } from "../../core/doctor/check.ts";
import type { Output } from "../frame/output.ts";
import { paint, type Style } from "../frame/paint.ts";

type Status = CheckResult["status"];

/** What a line begins with, and its colour. */
const MARKS: Readonly<Record<Status, readonly [mark: string, color: Style]>> = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  failed: ["✗", "red"],
  skipped: ["-", "gray"],
};

/** The width of the longest check's name, and of two spaces. */
const NAME_WIDTH = "configuration".length + 2;

/** From so many on, skipped checks are counted instead of named. */
const MANY = 5;

/** What is printed, and how. */
export interface PrintOptions {
  hasColor: boolean;
  /** Whether what stands in the way is all that counts. */
  quiet: boolean;
}

/** Prints results as they come, a line each; checks that are skipped for the same reason share one. */
export class ResultPrinter {
  readonly #output: Output;
  readonly #options: PrintOptions;
  #skipped: { names: CheckName[]; why: string } = { names: [], why: "" };

  /** Makes a printer that has printed nothing. */
  constructor(output: Output, options: PrintOptions) {
    this.#output = output;
    this.#options = options;
  }

  /** Prints the next result. */
  print(result: CheckResult): void {
    const { check, status, detail } = result;
    if (this.#options.quiet && status !== "failed") return;
    if (status === "skipped") {
      if (detail !== this.#skipped.why) this.flush();
      this.#skipped = { names: [...this.#skipped.names, check], why: detail };
      return;
    }
    this.flush();
    this.#line(status, check, detail);
    const { remedy } = result.status === "ok" ? { remedy: undefined } : result;
    if (remedy !== undefined) {
      this.#output.write(`  ${" ".repeat(NAME_WIDTH)}→ ${remedy}\n`);
    }
  }

  /** Prints what is held back. */
  flush(): void {
    const { names, why } = this.#skipped;
    this.#skipped = { names: [], why: "" };
    const [first] = names;
    if (first === undefined) return;
    if (names.length === 1) return this.#line("skipped", first, why);
    const who = names.length < MANY
      ? names.join(", ")
      : `${names.length} others`;
    const need = why.replace(/^needs /, "need ");
    this.#write("skipped", `${who}: ${need}`);
  }

  #line(status: Status, check: CheckName, detail: string) {
    this.#write(status, `${check.padEnd(NAME_WIDTH)}${detail}`);
  }

  #write(status: Status, text: string) {
    const [mark, color] = MARKS[status];
    const { hasColor } = this.#options;
    this.#output.write(
      !hasColor
        ? `${mark} ${text}\n`
        : status === "skipped"
        ? `${paint(color, `${mark} ${text}`)}\n`
        : `${paint(color, mark)} ${text}\n`,
    );
  }
}
