import type { EngineName } from "../engine/engine.ts";
import type { Secret } from "../secret.ts";
import type { SslMode } from "../engine/login_target.ts";

/** What a client's file gets of one target. Paths are absolute. */
export interface WriterEntry {
  /** The target's name in the configuration file, else `user@host:port/database`; unique among the entries of a file. */
  name: string;
  /** What kind of database it is. */
  engine: EngineName;
  /** The endpoint's name: signed for, and verified in the server's certificate. */
  host: string;
  /** The endpoint's port, which is signed for. */
  port: number;
  /**
   * What clients dial instead of host and port, as through a tunnel: an IP address, and the name that was given for it,
   * if any.
   */
  connect?: { host: string; port: number; name?: string };
  /** The database user. */
  username: string;
  /** The database; empty for none, which PostgreSQL does not know. */
  database: string;
  /** How clients verify the server. */
  sslmode: SslMode;
  /** File of trusted roots that clients can read. */
  sslrootcert: string;
  /** The passfile that holds this target's token, or will. */
  passfile: string;
  /** The command line that calls rdsiam, program first, for clients that run a command. */
  rdsiam: readonly string[];
  /** The token to log in with. Writers whose files hold no secret get an empty one. */
  password: Secret;
  /** When the token stops working, in milliseconds since the epoch; 0 where there is none. */
  expiresAt: number;
}

/** What a writer tells of itself: `rdsiam writers` shows it. */
export interface WriterDescription {
  /** What the file is, in a few words: `libpq's passfile`. */
  summary: string;
  /** Who reads it: `psql, DBeaver, JDBC`. */
  clients: string;
  /**
   * When a client sees a change: at each new connection, at its own start, or on an order to read again.
   */
  rereads: "connection" | "start" | "reload";
  /** Whether the file holds tokens. One that does not is written once and never renewed. */
  holdsSecrets: boolean;
}

/** What a writer makes of a file. */
export interface Rendered {
  /** The whole new content; empty: the file is not needed any more. */
  newText: string;
  /** What the user should know. */
  notices?: readonly string[];
  /** Names of entries that this kind of file cannot hold, and that were left out of it. */
  leftOut?: readonly string[];
}

/**
 * Keeps one client's own file right: the contract of every plugin. Both functions are pure: the file's lock, mode,
 * atomic replacement and refresh are rdsiam's. What the writer does not manage stays byte for byte; bytes that are no
 * UTF-8 reach it as lone surrogates and go back to the same bytes. A plugin may answer later, within ten seconds; what
 * is built in answers at once, and is a {@linkcode PureWriter}.
 */
export interface Writer {
  /** Its name, as `--writer` takes it. */
  name: string;
  /** What it tells of itself. */
  describe: WriterDescription;
  /**
   * Where its client looks for the file, `undefined` where there is no such place or a variable is missing. `HOME`,
   * `APPDATA` and the like are read from the environment; `os` is `linux`, `darwin`, `windows` …
   */
  defaultPath(
    environment: Readonly<Record<string, string | undefined>>,
    os: string,
  ): string | undefined;
  /**
   * Puts the entries into the file, each in the place of its last self where there is one. The same entries once more
   * give the same text.
   *
   * @param oldText the whole content, empty for a file that is not there
   * @throws {UnreadableText} when the content cannot be parsed
   * @throws {Error} when an entry cannot be written in this format; the message names no value of a secret
   */
  render(
    entries: readonly WriterEntry[],
    oldText: string,
  ): Rendered | Promise<Rendered>;
  /**
   * Takes the entries of these names out of the file, with all that was put there for them; without names, all.
   *
   * @throws {UnreadableText} when the content cannot be parsed
   */
  remove(
    names: readonly string[] | undefined,
    oldText: string,
  ): Rendered | Promise<Rendered>;
  /** The entries that the file holds; a writer without it is not asked what it manages. */
  list?(oldText: string): readonly ManagedEntry[];
}

/** A writer that answers at once. */
export interface PureWriter extends Writer {
  /** As {@linkcode Writer.render}. */
  render(entries: readonly WriterEntry[], oldText: string): Rendered;
  /** As {@linkcode Writer.remove}. */
  remove(names: readonly string[] | undefined, oldText: string): Rendered;
}

/** An entry that a file holds. */
export interface ManagedEntry {
  /** The target's name. */
  name: string;
  /** When its token stops working, in milliseconds since the epoch; `undefined` where the file does not tell. */
  expiresAt: number | undefined;
}

/** The value of one option of a writer. */
export type WriterOption = string | number | boolean;

/**
 * Makes a writer: what a plugin's module exports as default.
 *
 * @throws {RangeError} when an option is not known or its value is wrong, saying which are
 */
export type WriterFactory = (
  options?: Readonly<Record<string, WriterOption>>,
) => Writer;

/** Makes a writer that answers at once. */
export type PureWriterFactory = (
  options?: Readonly<Record<string, WriterOption>>,
) => PureWriter;

/** A file's content that a writer cannot parse, and so will not touch. */
export class UnreadableText extends Error {
  /** The name of the class, also where a bundler renames it. */
  override readonly name = "UnreadableText";
  /** Number of the line, from 1. */
  readonly line: number;

  /** Names the line and what is wrong with it; never its content, which may be secret. */
  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}
