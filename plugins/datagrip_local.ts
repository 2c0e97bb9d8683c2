import { passfileNotice } from "./clients/client_login.ts";
import { ideaWriter } from "./clients/idea_writer.ts";
import type { PureWriter, WriterOption } from "../core/writer/writer.ts";

/**
 * How a JetBrains project logs in to the data sources that `datagrip` writes: its `.idea/dataSources.local.xml`. To an
 * endpoint of `rdsiam proxy` it does with a password, which the IDE keeps.
 */
export default function datagripLocal(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  return ideaWriter({
    name: "datagrip-local",
    summary: "logins of a JetBrains project, .idea/dataSources.local.xml",
    file: { component: "dataSourceStorageLocal", attributes: "" },
    write: (entry, endpoint) =>
      endpoint === undefined
        ? {
          notices: passfileNotice(entry, "DataGrip"),
          source: {
            fields: { "auth-provider": "pgpass", "user-name": entry.username },
          },
        }
        : {
          notices: [],
          source: {
            firstFields: { "secret-storage": "master_key" },
            fields: { "user-name": entry.username },
          },
        },
  }, options);
}
