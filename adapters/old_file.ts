import type { LateEdit } from "../core/merge_edits.ts";
import type { Clock } from "../core/ports.ts";
import { textOf } from "../core/text_bytes.ts";
import { readBytes } from "./file_content.ts";

const LOOKS = 5;
const MOST_LOOKS = 100;
const PAUSE_MS = 10;

/**
 * A file whose name another one has now. A program that had it open before writes to it still, and nobody would ever
 * read that.
 */
export class OldFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #name: string;
  readonly #isDoubtful: boolean;
  #seen: string | undefined;
  #noted: Deno.FileInfo | undefined;

  /**
   * Takes over an open file.
   *
   * @param seen its content as far as it is known already
   */
  constructor(
    file: Deno.FsFile,
    { name, seen, isDoubtful = false }: {
      name: string;
      seen: string | undefined;
      isDoubtful?: boolean;
    },
  ) {
    this.#file = file;
    this.#name = name;
    this.#seen = seen;
    this.#isDoubtful = isDoubtful;
  }

  /** What has been made of it since this was asked last. */
  async takeEdit(): Promise<LateEdit | undefined> {
    const late = await this.#read();
    if (late === this.#seen) return undefined;
    const edit = { seen: this.#seen, late, isDoubtful: this.#isDoubtful };
    this.#seen = late;
    return edit;
  }

  /** Whether something has been made of it. */
  async isEdited(): Promise<boolean> {
    await this.isMoving();
    return await this.#read() !== this.#seen;
  }

  /** Whether it looks different from when this was asked last. */
  async isMoving(): Promise<boolean> {
    const noted = this.#noted;
    const { size, mtime } = this.#noted = await this.#file.stat();
    return size !== noted?.size || mtime?.getTime() !== noted.mtime?.getTime();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  async #read(): Promise<string> {
    return textOf(await readBytes(this.#file, this.#name));
  }
}

/**
 * Watches old files for a moment, long enough for a program that has one open to write its line, and gives what was
 * made of them once nobody is at it.
 */
export async function takeLateEdits(
  olds: readonly OldFile[],
  clock: Clock,
): Promise<LateEdit[]> {
  async function is(what: "isEdited" | "isMoving"): Promise<boolean> {
    const answers = await Promise.all(olds.map((old) => old[what]()));
    return answers.includes(true);
  }
  if (olds.length === 0) return [];
  let looks = await is("isEdited") ? 1 : LOOKS;
  for (let look = 0; look < MOST_LOOKS && looks > 0; look++) {
    await clock.sleep(PAUSE_MS);
    looks = await is("isMoving") ? 1 : looks - 1;
  }
  const edits = await Promise.all(olds.map((old) => old.takeEdit()));
  return edits.filter((edit) => edit !== undefined);
}
