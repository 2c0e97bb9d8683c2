import { clientLogin } from "./clients/client_login.ts";
import { REMARK } from "./clients/idea_data_sources.ts";
import { ideaWriter } from "./clients/idea_writer.ts";
import { jdbcUrl } from "./formats/jdbc_url.ts";
import type { PureWriter, WriterOption } from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The data sources of a JetBrains project, its `.idea/dataSources.xml`; who logs in is the other file's: `datagrip-local`. */
export default function datagrip(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  readWriterOptions(options, {});
  return ideaWriter({
    name: "datagrip",
    summary: "data sources of a JetBrains project, .idea/dataSources.xml",
    file: {
      component: "DataSourceManagerImpl",
      attributes: ' format="xml" multifile-model="true"',
    },
    write(entry) {
      const { host, port, sslmode, notices } = clientLogin(entry, "DataGrip");
      const { name, database, sslrootcert } = entry;
      const parameters = { sslmode, sslrootcert };
      return {
        notices,
        source: {
          attributes: ' source="LOCAL"',
          firstFields: {
            "driver-ref": "postgresql",
            synchronize: "true",
            remarks: REMARK + name,
            "jdbc-driver": "org.postgresql.Driver",
          },
          fields: {
            "jdbc-url": jdbcUrl({ host, port, database, parameters }),
          },
        },
      };
    },
  });
}
