import { basename, dirname, join } from "node:path";
import { textOf } from "../core/text_bytes.ts";
import { openPlainFile } from "./file_content.ts";
import { OldFile } from "./old_file.ts";
import { writeNewFile } from "./replace_file.ts";

const SUFFIX = ".rdsiam-tmp";
const MOST_OLDS = 10;
const OLD = /^old-(\d+)-([0-9a-f]{64})-/;

/**
 * Folders beside a file in which its new content is made and its old content kept while it is replaced:
 * `.NAME.<random>.rdsiam-tmp`, of mode 0700. Those of killed runs are taken over, with what was written to the old
 * content since; whoever uses this holds the lock of the folder around.
 */
export class WorkFolder implements AsyncDisposable {
  /** The contents that were replaced last. */
  readonly olds: OldFile[] = [];
  readonly #file: string;
  readonly #folders: string[] = [];
  #own: string | undefined;
  #isSettled = false;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Takes over what killed runs have left beside a file. */
  static async beside(file: string): Promise<WorkFolder> {
    const work = new WorkFolder(file);
    try {
      await work.#takeOver();
    } catch (error) {
      await work[Symbol.asyncDispose]();
      throw error;
    }
    return work;
  }

  /**
   * Writes a new content.
   *
   * @returns its path
   */
  async writeNew(bytes: Uint8Array): Promise<string> {
    const path = join(await this.#make(), `new-${crypto.randomUUID()}`);
    await writeNewFile(path, bytes);
    return path;
  }

  /**
   * The path to keep an old content at. It says what the content was: a hash of secrets, and so in a folder that
   * nobody else can read.
   */
  async pathForOld(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const name = `old-${bytes.length}-${await hashOf(bytes)}`;
    return join(await this.#make(), `${name}-${crypto.randomUUID()}`);
  }

  /** Watches one more; of many, the first has been watched for long enough. */
  watch(old: OldFile): void {
    this.olds.push(old);
    if (this.olds.length > MOST_OLDS) this.olds.shift()?.[Symbol.dispose]();
  }

  /** Says that nothing here is needed any more: all that was written to old contents is in the new one. */
  settle(): void {
    this.#isSettled = true;
  }

  /** Removes the folders; but unless it is settled, old contents stay for the next run. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const old of this.olds) old[Symbol.dispose]();
    for (const folder of this.#folders) {
      if (!this.#isSettled) await removeNew(folder);
      await Deno.remove(folder, { recursive: this.#isSettled }).catch(() => {});
    }
  }

  async #make(): Promise<string> {
    if (this.#own !== undefined) return this.#own;
    const path = join(
      dirname(this.#file),
      `.${basename(this.#file)}.${crypto.randomUUID()}${SUFFIX}`,
    );
    await Deno.mkdir(path, { mode: 0o700 });
    this.#folders.push(path);
    return this.#own = path;
  }

  async #takeOver(): Promise<void> {
    const begin = `.${basename(this.#file)}.`;
    for await (
      const { name, isDirectory } of Deno.readDir(dirname(this.#file))
    ) {
      const isOurs = isDirectory && name.startsWith(begin) &&
        /^[0-9a-f-]{36}$/.test(name.slice(begin.length, -SUFFIX.length)) &&
        name.endsWith(SUFFIX);
      if (!isOurs) continue;
      const folder = join(dirname(this.#file), name);
      // Somebody else could have put anything there.
      if ((await Deno.lstat(folder)).uid !== Deno.uid()) continue;
      this.#folders.push(folder);
      await this.#takeOverOlds(folder);
    }
  }

  async #takeOverOlds(folder: string): Promise<void> {
    const current = await inodeOf(this.#file);
    await removeNew(folder);
    for await (const { name } of Deno.readDir(folder)) {
      const path = join(folder, name);
      const [, size, hash] = OLD.exec(name) ?? [];
      using opened = await openPlainFile(path, path);
      if (opened === undefined) continue;
      const { info, bytes } = opened;
      const begin = bytes.subarray(0, Number(size));
      const isKnown = await hashOf(begin) === hash;
      const isUntouched = isKnown && begin.length === bytes.length;
      // The same file, when the run was killed before it replaced anything.
      if (isUntouched || info.ino === current) {
        await Deno.remove(path);
        continue;
      }
      this.olds.push(
        new OldFile(opened.release(), {
          name: path,
          seen: isKnown ? textOf(begin) : undefined,
          isDoubtful: true,
        }),
      );
    }
  }
}

async function removeNew(folder: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)
    .catch(() => []);
  for (const name of names) {
    if (!OLD.test(name)) await Deno.remove(join(folder, name)).catch(() => {});
  }
}

async function inodeOf(path: string): Promise<number | null | undefined> {
  try {
    return (await Deno.lstat(path)).ino;
  } catch {
    return undefined;
  }
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}
