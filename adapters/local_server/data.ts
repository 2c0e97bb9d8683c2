import { dirname, join } from "node:path";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { canEnter, giveTo, type ServerUser } from "./server_user.ts";

/** Where new data is made: it becomes the data folder's content when it is whole. */
const UNFINISHED = ".rdsiam-initdb";

/** How the data folders of one kind of server are known. */
export interface DataKind {
  /** What a message calls it: `PostgreSQL`. */
  product: string;
  /** The file that tells the version, and so that the data is whole. */
  versionFile: string;
  /** A file that every such folder has. */
  requiredFile: string;
}

/** A folder for the data of a server that this program alone uses. */
export class ServerData implements AsyncDisposable {
  readonly #kind: DataKind;
  readonly #lock: Deno.FsFile;
  readonly #isNew: boolean;
  /** The folder, absolute. */
  readonly path: string;
  /** The version of the data in it, as its file tells it, or `undefined` when there is none yet. */
  readonly version: string | undefined;

  private constructor(
    path: string,
    kind: DataKind,
    lock: Deno.FsFile,
    isNew: boolean,
    version: string | undefined,
  ) {
    this.path = path;
    this.#kind = kind;
    this.#lock = lock;
    this.#isNew = isNew;
    this.version = version;
  }

  /**
   * Opens a data folder, and makes it when it does not exist.
   *
   * @param path An absolute path.
   * @throws {RdsiamError} `usage`, when the folder is in use, cannot be read, or holds something else
   */
  static async open(path: string, kind: DataKind): Promise<ServerData> {
    let lock: Deno.FsFile | undefined;
    try {
      const isNew = !await exists(path);
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
      lock = await Deno.open(path);
      if (!await lock.tryLock(true)) {
        throw dataInUseError(path);
      }
      const version = await versionOf(path, kind);
      return new ServerData(path, kind, lock, isNew, version);
    } catch (cause) {
      lock?.close();
      if (cause instanceof RdsiamError) throw cause;
      throw dataError(path, cause);
    }
  }

  /** The folder in which to make new data, for {@linkcode ServerData.adopt} to take over. Half-made ones go. */
  async prepare(user: ServerUser | undefined): Promise<string> {
    const unfinished = join(this.path, UNFINISHED);
    try {
      await giveTo(user, this.path);
      await Deno.chmod(this.path, 0o700);
      await removeFolder(unfinished);
      return unfinished;
    } catch (cause) {
      throw dataError(this.path, cause);
    }
  }

  /** Moves whole new data to its place; its version file goes last, so that what is half-moved counts as nothing. */
  async adopt(): Promise<void> {
    const { versionFile } = this.#kind;
    const unfinished = join(this.path, UNFINISHED);
    const names = (await namesIn(unfinished)).filter((name) =>
      name !== versionFile
    );
    for (const name of [...names, versionFile]) {
      await Deno.rename(join(unfinished, name), join(this.path, name));
    }
    await Deno.remove(unfinished);
    await this.#lock.sync();
  }

  /**
   * Checks that the server's user can get to the folder.
   *
   * @throws {RdsiamError} `usage`, when it cannot
   */
  async checkAccess(user: ServerUser | undefined): Promise<void> {
    // Whether it can enter the folder itself is for the server to say.
    if (user === undefined || await canEnter(user, dirname(this.path))) return;
    throw dataError(
      this.path,
      `the user that the server runs as (${user.name}) cannot reach it`,
      "Choose a folder that every user can reach, such as one in /var/tmp",
    );
  }

  /** Lets others use the folder. One that was made here and never filled goes. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Fails, as it should, when something is in it.
    if (this.#isNew) await Deno.remove(this.path).catch(() => {});
    // Closing alone does not let go while a program that is being started beside this one still holds a copy.
    await this.#lock.unlock();
    this.#lock.close();
  }
}

/** The error of a data folder that cannot be used. */
export function dataError(
  path: string,
  why: unknown,
  hint = "Give --data an empty folder, or one that it filled before",
): RdsiamError {
  return new RdsiamError(
    "usage",
    `Data folder "${path}" cannot be used: ${errorMessage(why)}`,
    { hint, cause: why },
  );
}

/** The error of a data folder that some server uses. */
export function dataInUseError(path: string): RdsiamError {
  return dataError(
    path,
    "another server runs on it",
    "Stop the other server, or give --data another folder",
  );
}

async function versionOf(
  path: string,
  { product, versionFile, requiredFile }: DataKind,
): Promise<string | undefined> {
  const names = (await namesIn(path)).filter((name) => name !== UNFINISHED);
  if (names.length === 0) return undefined;
  if (!names.includes(versionFile)) {
    throw dataError(path, `it is neither empty nor a ${product} data folder`);
  }
  if (!await exists(join(path, requiredFile))) {
    throw dataError(path, `it is an incomplete ${product} data folder`);
  }
  return (await Deno.readTextFile(join(path, versionFile))).trim();
}

async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
