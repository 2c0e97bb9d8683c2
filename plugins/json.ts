import { mergeNamed } from "./formats/merge_named.ts";
import { isRecord, readOwnJson } from "./formats/own_json.ts";
import type {
  ManagedEntry,
  PureWriter,
  PureWriterFactory,
  WriterEntry,
} from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {} as const;

/** A target as the file has it. */
interface Item {
  name: string;
  expiresAt?: string;
}

interface Document {
  managedBy: "rdsiam";
  targets: Item[];
}

/** All that is known of every target, the token among it, for programs that read JSON. */
const json: PureWriterFactory = (given): PureWriter => {
  readWriterOptions(given, defaults);
  return {
    name: "json",
    describe: {
      summary: "every target with its token",
      clients: "jq, scripts, programs of your own",
      rereads: "connection",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const old = read(oldText);
      return {
        newText: format(mergeNamed(old, entries.map(toItem), nameOf)),
      };
    },
    remove(names, oldText) {
      return {
        newText: format(
          read(oldText).filter(({ name }) =>
            names !== undefined && !names.includes(name)
          ),
        ),
      };
    },
    list: (oldText) =>
      read(oldText).map(({ name, expiresAt }): ManagedEntry => ({
        name,
        expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
      })),
  };
};

export default json;

function nameOf({ name }: Item): string {
  return name;
}

function toItem(entry: WriterEntry): Item {
  const { password, expiresAt, passfile: _, rdsiam: __, ...known } = entry;
  return {
    ...known,
    password: password.reveal(),
    ...(expiresAt > 0 && { expiresAt: new Date(expiresAt).toISOString() }),
  } as Item;
}

function read(text: string): Item[] {
  return readOwnJson(text, isDocument)?.targets ?? [];
}

function format(targets: readonly Item[]): string {
  if (targets.length === 0) return "";
  return `${JSON.stringify({ managedBy: "rdsiam", targets }, null, 2)}\n`;
}

function isDocument(value: unknown): value is Document {
  return isRecord(value) && value.managedBy === "rdsiam" &&
    Array.isArray(value.targets) && value.targets.every(isItem);
}

function isItem(value: unknown): value is Item {
  return isRecord(value) && typeof value.name === "string" &&
    ["string", "undefined"].includes(typeof value.expiresAt);
}
