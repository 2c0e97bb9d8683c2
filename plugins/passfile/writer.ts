import type { PureWriter, WriterOption } from "../../core/writer/writer.ts";
import { readWriterOptions } from "../contract/writer_options.ts";
import type { PassfileDialect } from "../../core/passfile/line.ts";
import { listPassfile, removeFromPassfile } from "./remove.ts";
import { renderPassfile } from "./render.ts";

/**
 * What the writers of passfiles have in common. The option `database` says whether a line is for `any` database on its
 * server (the default) or for the target's `own`.
 *
 * @throws {RangeError} when an option is not known or its value is wrong
 */
export function passfileWriter(
  dialect: PassfileDialect,
  options: Readonly<Record<string, WriterOption>> | undefined,
): Required<Pick<PureWriter, "render" | "remove" | "list">> {
  const { database } = readWriterOptions(options, { database: ["any", "own"] });
  return {
    render: (entries, oldText) =>
      renderPassfile(entries, oldText, { dialect, database }),
    remove: (names, oldText) => removeFromPassfile(names, oldText, dialect),
    list: listPassfile,
  };
}
