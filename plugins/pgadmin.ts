import {
  namedLogin,
  requirePostgres,
  targetWords,
} from "./clients/client_login.ts";
import { shellCommand } from "./formats/command_line.ts";
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
  /** How pgAdmin gets the password: from the passfile, or from rdsiam itself, which works in its desktop mode alone. */
  login: ["passfile", "command"],
  /** The group that the servers stand in. */
  group: "rdsiam",
} as const;

/** Seconds that pgAdmin keeps a password that a command has printed; a token lives 900. */
const COMMAND_SECONDS = 600;

/** The servers that are ours have their target's name here: pgAdmin keeps it through import and export. */
const MARK = "rdsiam:";

/** A file of servers for pgAdmin to import (pgAdmin manual, "Import/Export Servers"). */
export default function pgadmin(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  const { login, group } = readWriterOptions(options, defaults);
  return {
    name: "pgadmin",
    describe: {
      summary: "pgAdmin's servers.json, to be imported",
      clients: "pgAdmin 4",
      rereads: "reload",
      holdsSecrets: false,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const keys = new Map(ourServers(oldText));
      let free = 1 + Math.max(0, ...serverNumbers(oldText));
      const servers: Record<string, JsonPatch> = {};
      for (const entry of entries) {
        requirePostgres(entry, "pgAdmin, which speaks PostgreSQL alone");
        const key = keys.get(entry.name);
        servers[key ?? String(free++)] = {
          ...(key === undefined && {
            Name: `${entry.name} (rdsiam)`,
            Comment: MARK + entry.name,
          }),
          ...settingsOf(entry, { login, group }),
        };
      }
      return { newText: mergeJson(oldText, { Servers: servers }) };
    },
    remove(names, oldText) {
      const removed = ourServers(oldText)
        .filter(([name]) => names?.includes(name) ?? true)
        .map(([, member]) => member);
      return { newText: removeMembers(oldText, "Servers", removed) };
    },
    list: (oldText) =>
      ourServers(oldText).map(([name]) => ({ name, expiresAt: undefined })),
  };
}

function settingsOf(
  entry: WriterEntry,
  { login, group }: { login: "passfile" | "command"; group: string },
): JsonPatch {
  const { host, port, hostaddr } = namedLogin(entry);
  const isCommand = login === "command";
  return {
    Group: group,
    Host: host,
    Port: port,
    MaintenanceDB: entry.database,
    Username: entry.username,
    // Never both: which of them wins depends on pgAdmin's version.
    PasswordExecCommand: isCommand
      ? shellCommand([...entry.rdsiam, "token", ...targetWords(entry)])
      : undefined,
    PasswordExecExpiration: isCommand ? COMMAND_SECONDS : undefined,
    ConnectionParameters: {
      sslmode: entry.sslmode,
      sslrootcert: entry.sslrootcert,
      hostaddr,
      passfile: isCommand ? undefined : entry.passfile,
    },
  };
}

function ourServers(text: string): [name: string, key: string][] {
  return [...jsonEntries(jsonContainer(text, "Servers", "object"))]
    .flatMap(([key, server]) => {
      // The user may go on in a second line.
      const [mark = ""] = (jsonText(server, "Comment") ?? "").split("\n");
      return mark.startsWith(MARK)
        ? [[mark.slice(MARK.length), key] as [string, string]]
        : [];
    });
}

function serverNumbers(text: string): number[] {
  return [...jsonEntries(jsonContainer(text, "Servers", "object"))]
    .map(([key]) => Number(key)).filter(Number.isSafeInteger);
}
