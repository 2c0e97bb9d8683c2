import { clientPath } from "./clients/client_folder.ts";
import {
  namedLogin,
  passfileNotice,
  requirePostgres,
} from "./clients/client_login.ts";
import {
  type JsonPatch,
  mergeJson,
  removeMembers,
} from "./formats/json_edit.ts";
import { jsonContainer, jsonEntries, jsonText } from "./formats/json_nodes.ts";
import { formatAddress } from "../core/target/address.ts";
import type {
  PureWriter,
  WriterEntry,
  WriterOption,
} from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

const KEY = "sqltools.connections";

/**
 * The connections of VS Code's SQLTools in its `settings.json`. Their URL names no password, so that node's `pg`, which
 * SQLTools connects with, looks it up in the passfile (`packages/driver.pg/src/ls/driver.ts`).
 */
export default function sqltools(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  readWriterOptions(options, {});
  return {
    name: "sqltools",
    describe: {
      summary: "VS Code's settings, for SQLTools",
      clients: "SQLTools in VS Code",
      rereads: "connection",
      holdsSecrets: false,
    },
    defaultPath: (environment, os) =>
      clientPath(environment, os, {
        linux: ".config/Code/User/settings.json",
        darwin: "Library/Application Support/Code/User/settings.json",
        windows: "Code/User/settings.json",
      }),
    render(entries, oldText) {
      const found = jsonContainer(oldText, KEY, "array");
      const indexes = new Map(ourConnections(oldText));
      let next = found?.children?.length ?? 0;
      const connections: Record<string, JsonPatch> = {};
      for (const entry of entries) {
        const index = indexes.get(entry.name);
        connections[index ?? String(next++)] = {
          ...(index === undefined && { name: `${entry.name} (rdsiam)` }),
          rdsiam: entry.name,
          ...connectionOf(entry),
        };
      }
      return {
        newText: mergeJson(oldText, {
          [KEY]: found === undefined && entries.length > 0
            ? Object.values(connections)
            : connections,
        }),
        notices: [
          ...new Set(
            entries.flatMap((entry) => passfileNotice(entry, "SQLTools")),
          ),
        ],
      };
    },
    remove(names, oldText) {
      const removed = ourConnections(oldText)
        .filter(([name]) => names?.includes(name) ?? true)
        .map(([, member]) => member);
      return { newText: removeMembers(oldText, KEY, removed) };
    },
    list: (oldText) =>
      ourConnections(oldText).map(([name]) => ({ name, expiresAt: undefined })),
  };
}

function connectionOf(entry: WriterEntry): JsonPatch {
  requirePostgres(
    entry,
    "SQLTools' PostgreSQL driver",
    `Start \`rdsiam proxy ${entry.name} --listen 127.0.0.1:13306\`, and add a MySQL connection there by hand`,
  );
  const { host, port, hostaddr } = namedLogin(entry);
  const address = formatAddress(hostaddr ?? host, port);
  return {
    driver: "PostgreSQL",
    connectString: `postgresql://${
      encodeURIComponent(entry.username)
    }@${address}/${encodeURIComponent(entry.database)}`,
    pgOptions: {
      ssl: {
        rejectUnauthorized: true,
        ca: entry.sslrootcert,
        // `pg` leaves this name alone when it dials an IP address: the endpoint's is still what is checked.
        servername: hostaddr === undefined ? undefined : host,
      },
    },
  };
}

/** SQLTools keeps our field when a connection is edited in its form; a copy that lost it is known by its name. */
function ourConnections(text: string): [name: string, index: string][] {
  return [...jsonEntries(jsonContainer(text, KEY, "array"))]
    .flatMap(([index, connection]) => {
      const name = jsonText(connection, "rdsiam") ??
        /^(.+) \(rdsiam\)$/s.exec(jsonText(connection, "name") ?? "")?.[1];
      return name === undefined ? [] : [[name, index] as [string, string]];
    });
}
