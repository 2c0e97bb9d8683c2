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

/** Checks that were skipped one after the other for the same reason. */
interface Skipped {
  names: CheckName[];
  detail: string;
  needs?: CheckName | undefined;
}

/** Prints results as they come, a line each; checks that are skipped for the same reason share one. */
export class ResultPrinter {
  readonly #output: Output;
  readonly #options: PrintOptions;
  #skipped: Skipped = { names: [], detail: "" };

  /** Makes a printer that has printed nothing. */
  constructor(output: Output, options: PrintOptions) {
    this.#output = output;
    this.#options = options;
  }

  /** Prints the next result. */
  print(result: CheckResult): void {
    const { check, status, detail } = result;
    if (this.#options.quiet && status !== "failed") return;
    if (result.status === "skipped") {
      if (detail !== this.#skipped.detail) this.flush();
      const names = [...this.#skipped.names, check];
      this.#skipped = { names, detail, needs: result.needs };
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
    const { names, detail, needs } = this.#skipped;
    this.#skipped = { names: [], detail: "" };
    const [first] = names;
    if (first === undefined) return;
    if (names.length === 1) return this.#line("skipped", first, detail);
    const who = names.length < MANY
      ? names.join(", ")
      : `${names.length} others`;
    const why = needs === undefined ? detail : `need ${needs}`;
    this.#write("skipped", `${who}: ${why}`);
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
