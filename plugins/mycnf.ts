import { RdsiamError } from "../core/errors.ts";
import {
  type ManagedBlock,
  putBlocks,
  readBlocks,
  readForeignLines,
  removeBlocks,
} from "./formats/managed_blocks.ts";
import { formatOptionGroups } from "../core/engine/mysql_option_file.ts";
import type {
  PureWriter,
  PureWriterFactory,
  WriterEntry,
} from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** Whose programs read the file: `both` gives a harmless warning in MariaDB's. */
  flavor: ["both", "mysql", "mariadb"],
  /** The target that programs log in to without a word; default: the only one. */
  default: "",
} as const;

/**
 * The option file of MySQL's and MariaDB's clients. A lone target is `[client]`; of several, each is
 * `[client_NAME]`, for `mysql --defaults-group-suffix=_NAME`.
 */
const mycnf: PureWriterFactory = (given): PureWriter => {
  const options = readWriterOptions(given, defaults);

  function toBlock(entry: WriterEntry, isDefault: boolean): ManagedBlock {
    const { name, password } = entry;
    if (entry.engine === "postgres") {
      throw new RdsiamError(
        "usage",
        `Writer "mycnf" cannot write "${name}": it is a PostgreSQL database`,
        { hint: "Use the writer pgpass" },
      );
    }
    if (!isDefault && /[\]\p{Cc}]/u.test(name)) {
      throw new RdsiamError(
        "usage",
        `Writer "mycnf" cannot write "${name}": no group can have this name`,
        { hint: "Rename the target" },
      );
    }
    const suffix = isDefault ? "" : `_${name}`;
    return {
      name,
      expiresAt: entry.expiresAt || undefined,
      lines: formatOptionGroups(entry, {
        flavor: options.flavor,
        suffix,
        password,
      }),
    };
  }

  return {
    name: "mycnf",
    describe: {
      summary: "option file of MySQL and MariaDB",
      clients: "mysql, mysqldump, mariadb, PyMySQL",
      rereads: "start",
      holdsSecrets: true,
    },
    defaultPath: ({ HOME }, os) =>
      HOME && os !== "windows" ? `${HOME}/.my.cnf` : undefined,
    render(entries, oldText) {
      const old = readBlocks(oldText, "#");
      const names = new Set([...old, ...entries].map(({ name }) => name));
      const isDefault = ({ name }: WriterEntry) => {
        if (options.default !== "") return options.default === name;
        const last = old.find((block) => block.name === name);
        return last === undefined ? names.size === 1 : isClient(last);
      };
      const newText = putBlocks(
        oldText,
        entries.map((entry) => toBlock(entry, isDefault(entry))),
        "#",
      );
      const [first, second] = readBlocks(newText, "#").filter(isClient);
      if (first !== undefined && second !== undefined) {
        throw new RdsiamError(
          "usage",
          `Group [client] cannot be both "${first.name}" and "${second.name}"`,
          { hint: "Sync both at once, with the option default naming one" },
        );
      }
      return { newText, notices: first ? ownGroupNotices(newText) : [] };
    },
    remove: (names, oldText) => ({
      newText: removeBlocks(oldText, names, "#"),
    }),
    list: (oldText) => readBlocks(oldText, "#"),
  };
};

export default mycnf;

function isClient({ lines }: ManagedBlock): boolean {
  return lines.includes("[client]");
}

function ownGroupNotices(text: string): string[] {
  const own = readForeignLines(text, "#").find(({ text }) =>
    /^\s*\[client\]/.test(text)
  );
  return own === undefined ? [] : [
    `Line ${own.line} begins a [client] of yours: where both set an option, the later one wins`,
  ];
}
