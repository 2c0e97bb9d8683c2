import { clientLogin, requirePostgres } from "../core/client_login.ts";
import {
  type IdeaFile,
  listDataSources,
  putDataSources,
  REMARK,
  removeDataSources,
} from "../core/idea_data_sources.ts";
import { jdbcUrl } from "../core/jdbc_url.ts";
import type { PureWriter, WriterOption } from "../core/writer.ts";
import { readWriterOptions } from "../core/writer_options.ts";

const FILE: IdeaFile = {
  component: "DataSourceManagerImpl",
  attributes: ' format="xml" multifile-model="true"',
};

/** The data sources of a JetBrains project, its `.idea/dataSources.xml`; who logs in is the other file's: `datagrip-local`. */
export default function datagrip(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  readWriterOptions(options, {});
  return {
    name: "datagrip",
    describe: {
      summary: "data sources of a JetBrains project, .idea/dataSources.xml",
      clients: "DataGrip, IntelliJ IDEA, PyCharm",
      rereads: "start",
      holdsSecrets: false,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const notices = new Set<string>();
      const sources = entries.map((entry) => {
        requirePostgres(entry, "DataGrip");
        const login = clientLogin(entry, "DataGrip");
        for (const notice of login.notices) notices.add(notice);
        const parameters = {
          sslmode: login.sslmode,
          sslrootcert: entry.sslrootcert,
        };
        const url = jdbcUrl({ ...login, database: entry.database, parameters });
        return {
          name: entry.name,
          attributes: ' source="LOCAL"',
          firstFields: {
            "driver-ref": "postgresql",
            synchronize: "true",
            remarks: REMARK + entry.name,
            "jdbc-driver": "org.postgresql.Driver",
          },
          fields: { "jdbc-url": url },
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
