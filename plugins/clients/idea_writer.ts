import { requirePostgres } from "./client_login.ts";
import {
  type IdeaDataSource,
  type IdeaFile,
  listDataSources,
  putDataSources,
  removeDataSources,
} from "./idea_data_sources.ts";
import type { PureWriter, WriterEntry } from "../../core/writer/writer.ts";

/** What the writers of a JetBrains project's two files differ in. */
export interface IdeaWriterParts {
  /** The writer's name. */
  name: string;
  /** What the file is. */
  summary: string;
  file: IdeaFile;
  /** A target's data source in this file, and what the user should know of it. */
  write(
    entry: WriterEntry,
  ): { source: Omit<IdeaDataSource, "name">; notices: readonly string[] };
}

/** Makes the writer of one of the two files that a JetBrains project keeps its data sources in. */
export function ideaWriter(
  { name, summary, file, write }: IdeaWriterParts,
): PureWriter {
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
      const sources = entries.map((entry) => {
        requirePostgres(entry, "DataGrip");
        const written = write(entry);
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
