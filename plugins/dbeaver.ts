import { clientPath } from "./clients/client_folder.ts";
import {
  clientLogin,
  passfileNotice,
  requirePostgres,
  targetWords,
} from "./clients/client_login.ts";
import { quotedCommand } from "./formats/command_line.ts";
import { jdbcUrl } from "./formats/jdbc_url.ts";
import {
  type JsonPatch,
  mergeJson,
  removeMembers,
} from "./formats/json_edit.ts";
import { jsonContainer, jsonEntries, jsonText } from "./formats/json_nodes.ts";
import type {
  PureWriter,
  WriterEntry,
  WriterOption,
} from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The options, with their defaults first. */
export const defaults = {
  /** What DBeaver runs before it connects: nothing, or `rdsiam pgpass sync` for a token that is always fresh. */
  command: ["none", "sync"],
} as const;

/** Begins the id of a connection that is ours; the target's name follows, percent-encoded. */
const ID = "postgres-jdbc-rdsiam-";

/** Milliseconds that DBeaver waits for the command. */
const COMMAND_TIMEOUT = 15_000;

/**
 * DBeaver's connections (`DataSourceSerializerModern.java`), which log in with the passfile (`AuthModelPgPass.java`).
 * DBeaver writes the file itself while it runs, and reads it at its start.
 */
export default function dbeaver(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  const { command } = readWriterOptions(options, defaults);
  return {
    name: "dbeaver",
    describe: {
      summary: "DBeaver's connections; write it while DBeaver is closed",
      clients: "DBeaver",
      rereads: "start",
      holdsSecrets: false,
    },
    defaultPath: (environment, os) =>
      clientPath(environment, os, {
        linux: `.local/share/DBeaverData/${FILE}`,
        darwin: `Library/DBeaverData/${FILE}`,
        windows: `DBeaverData/${FILE}`,
      }),
    render(entries, oldText) {
      const known = new Map(
        jsonEntries(jsonContainer(oldText, "connections", "object")),
      );
      const connections: Record<string, JsonPatch> = {};
      const notices = new Set<string>();
      for (const entry of entries) {
        requirePostgres(entry, "DBeaver");
        const id = ID + encodeURIComponent(entry.name);
        const old = known.get(id);
        const oldCommand = jsonText(old, ...COMMAND_PATH);
        const isForeign = oldCommand !== undefined && !isOurs(oldCommand);
        connections[id] = {
          provider: "postgresql",
          driver: "postgres-jdbc",
          ...(old === undefined && {
            name: `${entry.name} (rdsiam)`,
            "save-password": true,
          }),
          configuration: {
            ...configurationOf(entry),
            ...(!isForeign && { events: eventsOf(entry, command) }),
          },
        };
        if (isForeign && command === "sync") {
          notices.add(
            `"${entry.name}" keeps the command of its own that DBeaver runs before it connects`,
          );
        }
        for (
          const notice of [
            ...clientLogin(entry, "DBeaver").notices,
            ...passfileNotice(entry, "DBeaver"),
          ]
        ) notices.add(notice);
      }
      return {
        newText: mergeJson(oldText, { connections }),
        notices: [...notices],
      };
    },
    remove(names, oldText) {
      const removed = ourConnections(oldText)
        .filter(([name]) => names?.includes(name) ?? true)
        .map(([, member]) => member);
      return { newText: removeMembers(oldText, "connections", removed) };
    },
    list: (oldText) =>
      ourConnections(oldText).map(([name]) => ({ name, expiresAt: undefined })),
  };
}

const FILE = "workspace6/General/.dbeaver/data-sources.json";

const COMMAND_PATH = [
  "configuration",
  "events",
  "BEFORE_CONNECT",
  "command",
] as const;

function configurationOf(entry: WriterEntry): JsonPatch {
  const { host, port, sslmode } = clientLogin(entry, "DBeaver");
  return {
    host,
    port: String(port),
    database: entry.database,
    url: jdbcUrl({ host, port, database: entry.database }),
    configurationType: "MANUAL",
    "auth-model": "postgres_pgpass",
    user: entry.username,
    handlers: {
      // PostgreDataSource.initServerSSL() reads the root certificate only beside a method.
      postgre_ssl: {
        type: "CONFIG",
        enabled: true,
        properties: {
          sslMode: sslmode,
          "ssl.method": "CERTIFICATES",
          "ssl.ca.cert": entry.sslrootcert,
        },
      },
    },
  };
}

function eventsOf(entry: WriterEntry, command: "none" | "sync"): JsonPatch {
  if (command === "none") return { BEFORE_CONNECT: undefined };
  const words = [...entry.rdsiam, "pgpass", "sync", ...targetWords(entry)];
  return {
    BEFORE_CONNECT: {
      enabled: true,
      "show-panel": false,
      "wait-process": true,
      "wait-process-timeout": COMMAND_TIMEOUT,
      command: quotedCommand(words),
    },
  };
}

function isOurs(command: string): boolean {
  return command.includes(" pgpass sync ");
}

function ourConnections(text: string): [name: string, id: string][] {
  return [...jsonEntries(jsonContainer(text, "connections", "object"))]
    .flatMap(([id]) => {
      const name = nameOf(id);
      return name === undefined ? [] : [[name, id] as [string, string]];
    });
}

function nameOf(id: string): string | undefined {
  if (!id.startsWith(ID)) return undefined;
  try {
    return decodeURIComponent(id.slice(ID.length));
  } catch {
    return undefined;
  }
}
