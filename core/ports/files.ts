/** A folder that only this user can enter, gone when it is disposed of. */
export interface PrivateFolder extends AsyncDisposable {
  /**
   * Writes a file that only this user can read, at once and whole: a reader sees the old or the new content.
   *
   * @returns its absolute path
   * @throws {RdsiamError} `failed`, when it cannot be written
   */
  write(name: string, content: string): Promise<string>;
  /** Whether a program runs that was started with the folder's path, as far as the system tells. */
  isInUse(): Promise<boolean>;
}

/** What became of a file that was to be changed. */
export interface FileUpdate {
  /** Whether there is new content. */
  changed: boolean;
  /** What the user should know: `mode tightened from 0644 to 0600`. */
  notices: readonly string[];
}

/** What kind of file is changed. */
export interface FileUpdateOptions {
  /** Whether its mode must be 0600: of a file without secrets, the mode stays what it is. */
  isSecret: boolean;
}

/** Files of this user that several programs read and write. */
export interface Files {
  /**
   * Changes a file at once and whole: a reader sees the old or the new content; its owner and a link stay. A new file
   * has mode 0600; so has, at most, one that is secret. One rdsiam at a time; what another program writes meanwhile is
   * given to `change` again. Bytes that are no UTF-8 are lone surrogates.
   *
   * @param change makes the new content of the old, which is empty for a file that is not there; an empty result
   * removes the file. It is called again when the file has changed meanwhile. What it throws leaves the file alone.
   * @throws {RdsiamError} `failed`, when the file cannot be read or replaced; the old one stands then
   */
  update(
    path: string,
    change: (oldText: string) => string | Promise<string>,
    options: FileUpdateOptions,
  ): Promise<FileUpdate>;
  /**
   * The content of a file, `undefined` when it is not there.
   *
   * @throws {RdsiamError} `failed`, when it cannot be read
   */
  read(path: string): Promise<string | undefined>;
}
