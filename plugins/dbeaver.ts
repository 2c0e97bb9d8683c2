import { clientPath } from "./clients/client_folder.ts";
import {
  clientLogin,
  passfileNotice,
  targetWords,
} from "./clients/client_login.ts";
import {
  PROXY_OPTION,
  type ProxyEndpoint,
  proxyEndpoints,
  proxyNotice,
  readProxyOption,
} from "./clients/proxy_endpoint.ts";
import type { Node as JsonNode } from "jsonc-parser";
import { ENGINES } from "../core/engine/engines.ts";
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
  /** Where `rdsiam proxy` serves targets of MySQL and MariaDB. */
  ...PROXY_OPTION,
} as const;

/** DBeaver's own names of what connects to an engine. */
const DRIVERS = {
  postgres: { provider: "postgresql", driver: "postgres-jdbc" },
  mysql: { provider: "mysql", driver: "mysql8" },
  mariadb: { provider: "mysql", driver: "mariaDB" },
} as const;

/** Stands in the id of a connection that is ours, behind its driver; the target's name follows, percent-encoded. */
const MARK = "-rdsiam-";

/** Milliseconds that DBeaver waits for the command. */
const COMMAND_TIMEOUT = 15_000;

/**
 * DBeaver's connections (`DataSourceSerializerModern.java`), which log in with the passfile (`AuthModelPgPass.java`); those
 * of MySQL and MariaDB through a local endpoint of `rdsiam proxy`, with the password that DBeaver keeps for it. DBeaver writes the file itself while it runs, and reads it at its start.
 */
export default function dbeaver(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  const { command, proxy } = readWriterOptions(options, defaults);
  const endpointOf = readProxyOption(proxy);
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
      const connections: Record<string, JsonPatch | undefined> = {};
      const notices = new Set<string>();
      const endpoints = proxyEndpoints(
        entries.filter(({ engine }) => ENGINES[engine].protocol === "mysql"),
        endpointOf,
      );
      for (const entry of entries) {
        const { provider, driver } = driverOf(entry);
        const id = idOf(driver, entry.name);
        const old = known.get(id);
        for (const other of Object.values(DRIVERS)) {
          const otherId = idOf(other.driver, entry.name);
          if (otherId !== id && known.has(otherId)) {
            connections[otherId] = undefined;
          }
        }
        const endpoint = endpoints.get(entry);
        const written = endpoint === undefined
          ? writePostgres(entry, old, command)
          : writeMysql(entry, endpoint);
        connections[id] = {
          provider,
          driver,
          ...(old === undefined && {
            name: `${entry.name} (rdsiam)`,
            "save-password": true,
          }),
          configuration: written.configuration,
        };
        for (const notice of written.notices) notices.add(notice);
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

/** A connection's configuration, and what the user should know of it. */
interface Written {
  configuration: JsonPatch;
  notices: readonly string[];
}

function writePostgres(
  entry: WriterEntry,
  old: JsonNode | undefined,
  command: "none" | "sync",
): Written {
  const oldCommand = jsonText(old, ...COMMAND_PATH);
  const isForeign = oldCommand !== undefined && !isOurs(oldCommand);
  return {
    configuration: {
      ...configurationOf(entry),
      ...(!isForeign && { events: eventsOf(entry, command) }),
    },
    notices: [
      ...(isForeign && command === "sync"
        ? [
          `"${entry.name}" keeps the command of its own that DBeaver runs before it connects`,
        ]
        : []),
      ...clientLogin(entry, "DBeaver").notices,
      ...passfileNotice(entry, "DBeaver"),
    ],
  };
}

function writeMysql(entry: WriterEntry, endpoint: ProxyEndpoint): Written {
  const { database, username } = entry;
  const { host, port } = endpoint;
  const protocol = entry.engine === "mariadb" ? "mariadb" : "mysql";
  return {
    configuration: {
      host,
      port: String(port),
      database,
      url: jdbcUrl({ protocol, host, port, database }),
      configurationType: "MANUAL",
      "auth-model": "native",
      user: username,
    },
    notices: [proxyNotice(entry, endpoint, "DBeaver")],
  };
}

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

function driverOf({ engine }: WriterEntry) {
  return ENGINES[engine].protocol === "postgres"
    ? DRIVERS.postgres
    : engine === "mariadb"
    ? DRIVERS.mariadb
    : DRIVERS.mysql;
}

function idOf(driver: string, name: string): string {
  return driver + MARK + encodeURIComponent(name);
}

function nameOf(id: string): string | undefined {
  const prefix = Object.values(DRIVERS).map(({ driver }) => driver + MARK)
    .find((prefix) => id.startsWith(prefix));
  if (prefix === undefined) return undefined;
  try {
    return decodeURIComponent(id.slice(prefix.length));
  } catch {
    return undefined;
  }
}
