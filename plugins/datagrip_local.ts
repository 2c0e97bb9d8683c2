import { passfileNotice, requirePostgres } from "../core/client_login.ts";
import {
  type IdeaFile,
  listDataSources,
  putDataSources,
  removeDataSources,
} from "../core/idea_data_sources.ts";
import type { PureWriter, WriterOption } from "../core/writer.ts";
import { readWriterOptions } from "../core/writer_options.ts";

const FILE: IdeaFile = { component: "dataSourceStorageLocal", attributes: "" };

/** How a JetBrains project logs in to the data sources that `datagrip` writes: its `.idea/dataSources.local.xml`. */
export default function datagripLocal(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  readWriterOptions(options, {});
  return {
    name: "datagrip-local",
    describe: {
      summary: "logins of a JetBrains project, .idea/dataSources.local.xml",
      clients: "DataGrip, IntelliJ IDEA, PyCharm",
      rereads: "start",
      holdsSecrets: false,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const notices = new Set<string>();
      const sources = entries.map((entry) => {
        requirePostgres(entry, "DataGrip");
        const notice = passfileNotice(entry, "DataGrip");
        if (notice !== undefined) notices.add(notice);
        return {
          name: entry.name,
          fields: { "auth-provider": "pgpass", "user-name": entry.username },
        };
      });
      return {
        newText: putDataSources(oldText, FILE, sources),
        notices: [...notices],
      };
    },
    remove: (names, oldText) => ({
      newText: removeDataSources(oldText, FILE, names),
    }),
    list: (oldText) => listDataSources(oldText, FILE),
  };
}
