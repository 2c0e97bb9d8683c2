import { ENGINES } from "../../core/engine/engines.ts";
import {
  type IdeaDataSource,
  type IdeaFile,
  listDataSources,
  putDataSources,
  removeDataSources,
} from "./idea_data_sources.ts";
import type {
  PureWriter,
  WriterEntry,
  WriterOption,
} from "../../core/writer/writer.ts";
import { readWriterOptions } from "../contract/writer_options.ts";
import {
  PROXY_OPTION,
  type ProxyEndpoint,
  proxyEndpoints,
  readProxyOption,
} from "./proxy_endpoint.ts";

/** What the writers of a JetBrains project's two files differ in. */
export interface IdeaWriterParts {
  /** The writer's name. */
  name: string;
  /** What the file is. */
  summary: string;
  file: IdeaFile;
  /**
   * A target's data source in this file, and what the user should know of it.
   *
   * @param endpoint where `rdsiam proxy` serves it, for a target of MySQL or MariaDB
   */
  write(
    entry: WriterEntry,
    endpoint: ProxyEndpoint | undefined,
  ): { source: Omit<IdeaDataSource, "name">; notices: readonly string[] };
}

/** Makes the writer of one of the two files that a JetBrains project keeps its data sources in. */
export function ideaWriter(
  { name, summary, file, write }: IdeaWriterParts,
  options: Readonly<Record<string, WriterOption>> | undefined,
): PureWriter {
  const { proxy } = readWriterOptions(options, PROXY_OPTION);
  const endpointOf = readProxyOption(proxy);
  return {
    name,
    describe: {
      summary,
      clients: "DataGrip, IntelliJ IDEA, PyCharm",
      rereads: "start",
      holdsSecrets: false,
    },
    defaultPath: () => undefined, // each project has its own
    render(entries, oldText) {
      const notices = new Set<string>();
      const endpoints = proxyEndpoints(
        entries.filter(({ engine }) => ENGINES[engine].protocol === "mysql"),
        endpointOf,
      );
      const sources = entries.map((entry) => {
        const written = write(entry, endpoints.get(entry));
        for (const notice of written.notices) notices.add(notice);
        return { ...written.source, name: entry.name };
      });
      return {
        newText: putDataSources(oldText, file, sources),
        notices: [...notices],
      };
    },
    remove: (names, oldText) => ({
      newText: removeDataSources(oldText, file, names),
    }),
    list: (oldText) => listDataSources(oldText, file),
  };
}
