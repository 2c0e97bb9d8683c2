/**
 * The contract of {@linkcode Writer} as a test that any author of a plugin can run on theirs; `plugins/README.md` tells
 * how. It touches nothing: no file, no clock, no network.
 *
 * @module
 */
import {
  type ManagedEntry,
  type Rendered,
  UnreadableText,
  type Writer,
  type WriterEntry,
  type WriterFactory,
  type WriterOption,
} from "../../core/writer/writer.ts";
import { contractEntries, contractMark } from "./entries.ts";

/** What to know of a writer to test it. */
export interface ContractOptions {
  /** What it is made with. */
  options?: Readonly<Record<string, WriterOption>>;
  /** What its entries have otherwise: `{ engine: "mysql" }`. */
  entry?: Partial<WriterEntry>;
  /** Whether it refuses targets that are dialled through a tunnel; default: it takes them. */
  direct?: boolean;
  /** Whether its files hold one target alone; default: any number. */
  single?: boolean;
  /** Whether it writes a file anew of the entries it is given; default: it keeps its other entries. */
  whole?: boolean;
  /** Files of the format with content that is not rdsiam's, all of which must stay. */
  foreign?: readonly string[];
}

/** A {@linkcode WriterFactory}, or one that makes its writer later, such as of an executable. */
export type AnyFactory = (
  ...given: Parameters<WriterFactory>
) => Writer | Promise<Writer>;

/**
 * Checks that a writer keeps the contract.
 *
 * @throws {Error} at the first thing that is wrong, saying what
 */
export async function checkWriter(
  factory: AnyFactory,
  given: ContractOptions = {},
): Promise<void> {
  const writer = await factory(given.options);
  const check = new Check(writer, await factory(given.options), given);
  check.description();
  check.defaultPath();
  await check.options(factory);
  await check.file("");
  for (const text of given.foreign ?? []) {
    await check.file(text);
    await check.file(text.replace(/\r?\n/g, "\r\n"));
  }
  await check.refusals();
}

class Check {
  readonly #writer: Writer;
  readonly #twin: Writer;
  readonly #given: ContractOptions;

  constructor(writer: Writer, twin: Writer, given: ContractOptions) {
    this.#writer = writer;
    this.#twin = twin;
    this.#given = given;
  }

  description() {
    const { name, describe } = this.#writer;
    this.#expect(
      /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name),
      `name "${name}" is not of small letters and digits with single hyphens`,
    );
    for (const field of ["summary", "clients"] as const) {
      const text = describe[field];
      this.#expect(
        typeof text === "string" && text.trim() !== "" && !text.includes("\n"),
        `describe.${field} is not one line of text`,
      );
    }
    this.#expect(
      ["connection", "start", "reload"].includes(describe.rereads),
      "describe.rereads is not connection, start or reload",
    );
    this.#expect(
      typeof describe.holdsSecrets === "boolean",
      "describe.holdsSecrets is not true or false",
    );
  }

  defaultPath() {
    const environment = {
      HOME: "/home/u",
      APPDATA: "C:\\Users\\u\\AppData\\Roaming",
    };
    for (const variables of [{}, environment]) {
      for (const os of ["linux", "darwin", "windows", "freebsd"]) {
        const path = this.#writer.defaultPath(variables, os);
        this.#expect(
          path === undefined || (typeof path === "string" && path !== ""),
          `defaultPath() gives neither a path nor undefined on ${os}`,
        );
      }
    }
  }

  async options(factory: AnyFactory) {
    const isRefused = await Promise.try(factory, { "no-such-option": true })
      .then(() => false, (error) => error instanceof Error);
    this.#expect(isRefused, "an option that is not known is not refused");
  }

  async file(oldText: string) {
    try {
      await this.#file(oldText);
    } catch (error) {
      if (error instanceof BrokenContract) throw error;
      throw new BrokenContract(
        `Writer "${this.#writer.name}": it refuses what it should take: ${error}`,
        { cause: error },
      );
    }
  }

  async #file(oldText: string) {
    const [first, second] = [this.#entries(0), this.#entries(1)];
    const where = oldText === ""
      ? "an empty file"
      : "a file with other content";
    const names = first.map(({ name }) => name);

    const text = await this.#render(first, oldText, where);
    this.#expectTokens(text, 0);
    this.#expect(
      await this.#render(first, text, where) === text,
      `the same entries once more change ${where}`,
    );
    this.#expect(
      (await this.#twin.render(first, oldText)).newText === text,
      "two writers of the same options give different texts",
    );
    this.#expectForeign(oldText, text);
    this.#expectNames(text, names);

    const renewed = await this.#render(second, text, where);
    this.#expectTokens(renewed, 1);
    this.#expectNoToken(renewed, 0, "the file holds an old token");
    this.#expectForeign(oldText, renewed);
    if (this.#given.whole !== true) {
      const partly = await this.#render(second.slice(1), text, where);
      const sign = this.#writer.describe.holdsSecrets
        ? contractMark(0, 0)
        : names[0] ?? "";
      this.#expect(
        this.#given.single === true || partly.includes(sign),
        "render() of one target takes another's entry out",
      );
    }

    const withoutFirst = await this.#remove(names.slice(0, 1), renewed);
    this.#expectNames(withoutFirst, names.slice(1));
    const removed = await this.#remove(undefined, renewed);
    this.#expectNames(removed, []);
    this.#expect(
      withoutSpace(removed) === withoutSpace(oldText),
      `remove() does not undo render() in ${where}`,
    );
    this.#expect(
      await this.#remove(names, removed) === removed,
      "remove() changes a file that holds none of the names",
    );
  }

  async refusals() {
    const entries = this.#entries(0);
    for (const name of ["a\nb", 'a"b', "a'b</x>", "ä b"]) {
      const odd = entries.map((entry, index) => ({
        ...entry,
        username: name,
        database: name,
        name: name + index,
      }));
      await this.#mayRefuse(odd, "");
    }
    await this.#mayRefuse(entries, "\0{[<");
  }

  /** Whatever it does with these, no token may be shown. */
  async #mayRefuse(entries: readonly WriterEntry[], oldText: string) {
    try {
      await this.#render(entries, oldText, "a file");
    } catch (error) {
      if (error instanceof BrokenContract) throw error;
      this.#expect(error instanceof Error, "what is thrown is not an Error");
      this.#expectNoToken(String(error), 0, "an error holds a token");
      this.#expect(
        !(error instanceof UnreadableText) || error.line >= 1,
        "UnreadableText names no line",
      );
    }
  }

  #entries(round: number): readonly WriterEntry[] {
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

  async #render(
    entries: readonly WriterEntry[],
    oldText: string,
    where: string,
  ): Promise<string> {
    const rendered = await this.#writer.render(entries, oldText);
    this.#expectRendered(rendered, `render() of ${where}`);
    this.#expectLineEnds(oldText, rendered.newText);
    return rendered.newText;
  }

  async #remove(
    names: readonly string[] | undefined,
    oldText: string,
  ): Promise<string> {
    const rendered = await this.#writer.remove(names, oldText);
    this.#expectRendered(rendered, "remove()");
    return rendered.newText;
  }

  #expectRendered({ newText, notices = [] }: Rendered, what: string) {
    this.#expect(typeof newText === "string", `${what} gives no newText`);
    this.#expect(
      Array.isArray(notices) &&
        notices.every((notice) => typeof notice === "string"),
      `${what} gives notices that are not texts`,
    );
    for (const round of [0, 1]) {
      this.#expectNoToken(notices.join(), round, "a notice holds a token");
    }
  }

  #expectLineEnds(oldText: string, newText: string) {
    this.#expect(
      !/\r\n/.test(oldText) || !/(?<!\r)\n/.test(newText),
      "lines of a file with CRLF end in LF",
    );
  }

  #expectForeign(oldText: string, newText: string) {
    let place = 0;
    // A comma may have come behind the last element of a list.
    for (const line of oldText.split(/\r?\n/).map((l) => l.replace(/,$/, ""))) {
      place = newText.indexOf(line, place);
      this.#expect(
        place >= 0,
        "a line that is not rdsiam's is gone or changed",
      );
      place += line.length;
    }
  }

  #expectTokens(text: string, round: number) {
    for (const [index, { password }] of this.#entries(round).entries()) {
      if (!this.#writer.describe.holdsSecrets) {
        this.#expectNoToken(
          text,
          round,
          "a file that holds no secrets has a token",
        );
        continue;
      }
      const token = password.reveal();
      this.#expect(
        text.includes(contractMark(round, index)) || text.includes(btoa(token)),
        "a token is not in the file",
      );
    }
  }

  #expectNoToken(text: string, round: number, what: string) {
    for (const index of this.#entries(round).keys()) {
      this.#expect(!text.includes(contractMark(round, index)), what);
    }
  }

  #expectNames(text: string, names: readonly string[]) {
    const listed: readonly ManagedEntry[] | undefined = this.#writer.list?.(
      text,
    );
    if (listed === undefined) return;
    this.#expect(
      listed.map(({ name }) => name).toSorted().join() ===
        names.toSorted().join(),
      `list() does not tell the targets that are in the file: ${
        listed.map(({ name }) => name).join() || "none"
      } instead of ${names.join() || "none"}`,
    );
  }

  #expect(holds: boolean, what: string): asserts holds {
    if (!holds) {
      throw new BrokenContract(`Writer "${this.#writer.name}": ${what}`);
    }
  }
}

/** What a writer does that it must not. */
class BrokenContract extends Error {
  override readonly name = "BrokenContract";
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}
