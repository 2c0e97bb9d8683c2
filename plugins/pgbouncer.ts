import { RdsiamError } from "../core/errors.ts";
import {
  putBlocks,
  readBlocks,
  readForeignLines,
  removeBlocks,
} from "./formats/managed_blocks.ts";
import {
  type PureWriter,
  type PureWriterFactory,
  UnreadableText,
  type WriterEntry,
} from "../core/writer/writer.ts";
import {
  readWriterOptions,
  WriterOptionError,
} from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** PgBouncer's version, such as `1.26`, which says how long a token it reads. */
  version: "",
} as const;

/** The longest password of PgBouncer from a version on (its NEWS, and lib/usual of each). */
const LIMITS = [
  { from: 1.26, length: 65_531 },
  { from: 1.17, length: 2047 },
  { from: 0, length: 996 },
] as const;

/** What PgBouncer of an unknown version is taken for: all that is in use, but for the newest. */
const COMMON_VERSION = 1.17;

/** From 1.25 on, a password of 1,024 bytes or more crashes nothing (PgBouncer #1215). */
const SAFE_FROM = 1.25;

/** The users of PgBouncer with the tokens that it logs in to the server with. */
const pgbouncer: PureWriterFactory = (given): PureWriter => {
  const { version } = readWriterOptions(given, defaults);
  if (!/^(?:1\.\d+(?:\.\d+)?)?$/.test(version)) {
    throw new WriterOptionError(`Option "version" must be one such as 1.26`);
  }
  const minor = version === "" ? COMMON_VERSION : readMinor(version);

  function toLine({ name, engine, username, password }: WriterEntry): string {
    if (engine !== "postgres") {
      throw new RdsiamError(
        "usage",
        `Writer "pgbouncer" cannot write "${name}": it is not a PostgreSQL database`,
      );
    }
    const token = password.reveal();
    const limit = LIMITS.find(({ from }) => minor >= from)?.length ?? 0;
    const { length } = new TextEncoder().encode(token);
    if (length > limit) {
      throw new RdsiamError(
        "usage",
        `Token of "${name}" is too long for PgBouncer ${
          version || "before 1.26"
        }: ${length} bytes, where it reads ${limit} and none of what follows`,
        {
          hint: version === ""
            ? "Say which version it is with the option version, such as version=1.26"
            : "Use PgBouncer 1.26, or a session with fewer tags",
        },
      );
    }
    return `${quote(username)} ${quote(token)}`;
  }

  return {
    name: "pgbouncer",
    describe: {
      summary: "users of PgBouncer (userlist.txt)",
      clients: "pgbouncer, by its auth_file",
      rereads: "reload",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const newText = putBlocks(
        oldText,
        entries.map((entry) => ({
          name: entry.name,
          expiresAt: entry.expiresAt || undefined,
          lines: [toLine(entry)],
        })),
        ";",
      );
      checkUsers(newText);
      const isRisky = minor < SAFE_FROM &&
        entries.some(({ password }) => password.reveal().length > 1023);
      return {
        newText,
        notices: isRisky
          ? [
            "PgBouncer before 1.25 may crash of tokens longer than 1023 bytes: name a newer one with the option version",
          ]
          : [],
      };
    },
    remove: (names, oldText) => ({
      newText: removeBlocks(oldText, names, ";"),
    }),
    list: (oldText) => readBlocks(oldText, ";"),
  };
};

export default pgbouncer;

/** `1.9` as 1.09, so that versions compare as numbers. */
function readMinor(version: string): number {
  return 1 + Number(version.split(".")[1]) / 100;
}

function quote(text: string): string {
  if (/[\0\r\n]/.test(text)) {
    throw new RangeError(
      "Cannot write a user: a value holds a line break or NUL",
    );
  }
  return `"${text.replaceAll('"', '""')}"`;
}

/** Refuses two lines for one user, of which PgBouncer would take one, and lines that end its reading. */
function checkUsers(text: string): void {
  const users = new Map<string, string>();
  const add = (user: string, owner: string) => {
    const other = users.get(user);
    if (other !== undefined) {
      throw new RdsiamError(
        "usage",
        `User "${user}" cannot have two passwords: that of ${other} and that of ${owner}`,
        {
          hint:
            "A userlist knows one password of each user: use one file and one PgBouncer for each",
        },
      );
    }
    users.set(user, owner);
  };
  for (const { line, text: content } of readForeignLines(text, ";")) {
    const user = readUser(content);
    if (user !== undefined) add(user, `line ${line}`);
    else if (!/^\s*(?:;.*)?$/.test(content)) {
      throw new UnreadableText(
        line,
        'it is not "user" "password", and PgBouncer would read no further',
      );
    }
  }
  for (const { name, lines } of readBlocks(text, ";")) {
    const user = readUser(lines[0] ?? "");
    if (user !== undefined) add(user, `target "${name}"`);
  }
}

function readUser(line: string): string | undefined {
  return /^\s*"((?:[^"]|"")*)"\s*"(?:[^"]|"")*"/.exec(line)?.[1]
    ?.replaceAll('""', '"');
}
