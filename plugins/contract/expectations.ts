import type {
  ManagedEntry,
  Rendered,
  Writer,
  WriterEntry,
} from "../../core/writer/writer.ts";
import type { ContractOptions } from "./contract_options.ts";
import { contractEntries, contractMark } from "./entries.ts";

/** What a writer does that it must not. */
export class BrokenContract extends Error {
  override readonly name = "BrokenContract";
}

/** What a writer's texts must be like; each check throws {@linkcode BrokenContract}. */
export class Expectations {
  readonly #writer: Writer;
  readonly #given: ContractOptions;

  constructor(writer: Writer, given: ContractOptions) {
    this.#writer = writer;
    this.#given = given;
  }

  /** @throws {BrokenContract} unless it holds */
  that(holds: boolean, what: string): asserts holds {
    if (!holds) {
      throw new BrokenContract(`Writer "${this.#writer.name}": ${what}`);
    }
  }

  /** Two targets as the writer takes them, their tokens those of a round. */
  entries(round: number): readonly WriterEntry[] {
    const { entry, direct, single } = this.#given;
    const entries = contractEntries(round, entry)
      .map(({ connect, ...rest }) =>
        Object.freeze(
          connect === undefined || direct === true
            ? rest
            : { ...rest, connect },
        )
      );
    return single === true ? entries.slice(0, 1) : entries;
  }

  /** What render() or remove() gives is what they shall give, and no notice holds a token. */
  rendered({ newText, notices = [] }: Rendered, what: string) {
    this.that(typeof newText === "string", `${what} gives no newText`);
    this.that(
      Array.isArray(notices) &&
        notices.every((notice) => typeof notice === "string"),
      `${what} gives notices that are not texts`,
    );
    for (const round of [0, 1]) {
      this.noToken(notices.join(), round, "a notice holds a token");
    }
  }

  /** A file keeps its line ends. */
  lineEnds(oldText: string, newText: string) {
    this.that(
      !/\r\n/.test(oldText) || !/(?<!\r)\n/.test(newText),
      "lines of a file with CRLF end in LF",
    );
  }

  /** What is not rdsiam's stays. */
  foreign(oldText: string, newText: string) {
    let place = 0;
    // A comma may have come behind the last element of a list.
    for (const line of oldText.split(/\r?\n/).map((l) => l.replace(/,$/, ""))) {
      place = newText.indexOf(line, place);
      this.that(
        place >= 0,
        "a line that is not rdsiam's is gone or changed",
      );
      place += line.length;
    }
  }

  /** The file holds the tokens of a round, where it holds secrets at all. */
  tokens(text: string, round: number) {
    for (const [index, { password }] of this.entries(round).entries()) {
      if (!this.#writer.describe.holdsSecrets) {
        this.noToken(
          text,
          round,
          "a file that holds no secrets has a token",
        );
        continue;
      }
      const token = password.reveal();
      this.that(
        text.includes(contractMark(round, index)) || text.includes(btoa(token)),
        "a token is not in the file",
      );
    }
  }

  /** A text holds no token of a round. */
  noToken(text: string, round: number, what: string) {
    for (const index of this.entries(round).keys()) {
      this.that(!text.includes(contractMark(round, index)), what);
    }
  }

  /** list() tells these targets. */
  names(text: string, names: readonly string[]) {
    const listed: readonly ManagedEntry[] | undefined = this.#writer.list?.(
      text,
    );
    if (listed === undefined) return;
    this.that(
      listed.map(({ name }) => name).toSorted().join() ===
        names.toSorted().join(),
      `list() does not tell the targets that are in the file: ${
        listed.map(({ name }) => name).join() || "none"
      } instead of ${names.join() || "none"}`,
    );
  }
}
