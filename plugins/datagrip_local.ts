import { passfileNotice } from "./clients/client_login.ts";
import { ideaWriter } from "./clients/idea_writer.ts";
import type { PureWriter, WriterOption } from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

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
