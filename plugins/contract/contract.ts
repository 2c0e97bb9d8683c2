/**
 * The contract of {@linkcode Writer} as a test that any author of a plugin can run on theirs; `plugins/README.md` tells
 * how. It touches nothing: no file, no clock, no network.
 *
 * @module
 */
import {
  UnreadableText,
  type Writer,
  type WriterEntry,
  type WriterFactory,
} from "../../core/writer/writer.ts";
import type { ContractOptions } from "./contract_options.ts";
import { contractMark } from "./entries.ts";
import { BrokenContract, Expectations } from "./expectations.ts";

export type { ContractOptions } from "./contract_options.ts";

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
  readonly #expect: Expectations;

  constructor(writer: Writer, twin: Writer, given: ContractOptions) {
    this.#writer = writer;
    this.#twin = twin;
    this.#given = given;
    this.#expect = new Expectations(writer, given);
  }

  description() {
    const { name, describe } = this.#writer;
    this.#expect.that(
      /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name),
      `name "${name}" is not of small letters and digits with single hyphens`,
    );
    for (const field of ["summary", "clients"] as const) {
      const text = describe[field];
      this.#expect.that(
        typeof text === "string" && text.trim() !== "" && !text.includes("\n"),
        `describe.${field} is not one line of text`,
      );
    }
    this.#expect.that(
      ["connection", "start", "reload"].includes(describe.rereads),
      "describe.rereads is not connection, start or reload",
    );
    this.#expect.that(
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
        this.#expect.that(
          path === undefined || (typeof path === "string" && path !== ""),
          `defaultPath() gives neither a path nor undefined on ${os}`,
        );
      }
    }
  }

  async options(factory: AnyFactory) {
    const isRefused = await Promise.try(factory, { "no-such-option": true })
      .then(() => false, (error) => error instanceof Error);
    this.#expect.that(isRefused, "an option that is not known is not refused");
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
    const [first, second] = [this.#expect.entries(0), this.#expect.entries(1)];
    const where = oldText === ""
      ? "an empty file"
      : "a file with other content";
    const names = first.map(({ name }) => name);

    const text = await this.#render(first, oldText, where);
    this.#expect.tokens(text, 0);
    this.#expect.that(
      await this.#render(first, text, where) === text,
      `the same entries once more change ${where}`,
    );
    this.#expect.that(
      (await this.#twin.render(first, oldText)).newText === text,
      "two writers of the same options give different texts",
    );
    this.#expect.foreign(oldText, text);
    this.#expect.names(text, names);

    const renewed = await this.#render(second, text, where);
    this.#expect.tokens(renewed, 1);
    this.#expect.noToken(renewed, 0, "the file holds an old token");
    this.#expect.foreign(oldText, renewed);
    if (this.#given.whole !== true) {
      const partly = await this.#render(second.slice(1), text, where);
      const sign = this.#writer.describe.holdsSecrets
        ? contractMark(0, 0)
        : names[0] ?? "";
      this.#expect.that(
        this.#given.single === true || partly.includes(sign),
        "render() of one target takes another's entry out",
      );
    }

    const withoutFirst = await this.#remove(names.slice(0, 1), renewed);
    this.#expect.names(withoutFirst, names.slice(1));
    const removed = await this.#remove(undefined, renewed);
    this.#expect.names(removed, []);
    this.#expect.that(
      withoutSpace(removed) === withoutSpace(oldText),
      `remove() does not undo render() in ${where}`,
    );
    this.#expect.that(
      await this.#remove(names, removed) === removed,
      "remove() changes a file that holds none of the names",
    );
  }

  async refusals() {
    const entries = this.#expect.entries(0);
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
      this.#expect.that(
        error instanceof Error,
        "what is thrown is not an Error",
      );
      this.#expect.noToken(String(error), 0, "an error holds a token");
      this.#expect.that(
        !(error instanceof UnreadableText) || error.line >= 1,
        "UnreadableText names no line",
      );
    }
  }

  async #render(
    entries: readonly WriterEntry[],
    oldText: string,
    where: string,
  ): Promise<string> {
    const rendered = await this.#writer.render(entries, oldText);
    this.#expect.rendered(rendered, `render() of ${where}`);
    this.#expect.lineEnds(oldText, rendered.newText);
    return rendered.newText;
  }

  async #remove(
    names: readonly string[] | undefined,
    oldText: string,
  ): Promise<string> {
    const rendered = await this.#writer.remove(names, oldText);
    this.#expect.rendered(rendered, "remove()");
    return rendered.newText;
  }
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}
