import { passfileNotice } from "../core/client_login.ts";
import { ideaWriter } from "../core/idea_writer.ts";
import type { PureWriter, WriterOption } from "../core/writer.ts";
import { readWriterOptions } from "../core/writer_options.ts";

/** How a JetBrains project logs in to the data sources that `datagrip` writes: its `.idea/dataSources.local.xml`. */
export default function datagripLocal(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  readWriterOptions(options, {});
  return ideaWriter({
    name: "datagrip-local",
    summary: "logins of a JetBrains project, .idea/dataSources.local.xml",
    file: { component: "dataSourceStorageLocal", attributes: "" },
    write: (entry) => ({
      notices: passfileNotice(entry, "DataGrip"),
      source: {
        fields: { "auth-provider": "pgpass", "user-name": entry.username },
      },
    }),
  });
}
