import { dirname } from "node:path";
import type { TargetField, TargetFields } from "../target/fields.ts";
import { userPath } from "./user_folder.ts";
import { ConfigFault, type KeyPath } from "./check.ts";
import type { ConfigFile, ConfiguredTarget, SyncSettings } from "./config.ts";
import {
  type ConfigDocument,
  type SyncTable,
  TARGET_KEYS,
  type TargetTable,
} from "./definition.ts";
import type { ConfigPlace } from "./config_place.ts";

/**
 * What a checked document says, its paths made absolute.
 *
 * @throws {ConfigFault} when a path begins with `~` and there is no home folder
 */
export function readConfig(
  document: ConfigDocument,
  place: ConfigPlace,
): ConfigFile {
  const { default_target: defaultTarget, targets = {}, sync } = document;
  return {
    path: place.file,
    ...(defaultTarget !== undefined && { defaultTarget }),
    targets: Object.entries(targets).map(([name, table]) =>
      readTarget(name, table, place)
    ),
    sync: (sync ?? []).map((table, index) => readSync(table, index, place)),
  };
}

function readTarget(
  name: string,
  table: TargetTable,
  place: ConfigPlace,
): ConfiguredTarget {
  const { admin } = table;
  const fields: TargetFields = {};
  for (const [field, key] of Object.entries(TARGET_KEYS)) {
    const value = table[key];
    if (value !== undefined) fields[field as TargetField] = `${value}`;
  }
  const { sslrootcert } = fields;
  if (sslrootcert !== undefined && sslrootcert !== "system") {
    const path = ["targets", name, "sslrootcert"];
    fields.sslrootcert = readPath(sslrootcert, path, place);
  }
  return {
    name,
    fields,
    ...(admin !== undefined && { admin: { ...admin } }),
    file: place.file,
  };
}

function readSync(
  table: SyncTable,
  index: number,
  place: ConfigPlace,
): SyncSettings {
  const { writer, path, targets, options = {}, on_refresh } = table;
  return {
    writer: isModule(writer)
      ? readPath(writer, ["sync", index, "writer"], place)
      : writer,
    ...(path !== undefined && {
      path: path === "-" || path.startsWith("|")
        ? path
        : readPath(path, ["sync", index, "path"], place),
    }),
    ...(targets !== undefined && { targets }),
    options: { ...options },
    ...(on_refresh !== undefined && { onRefresh: on_refresh }),
    file: place.file,
  };
}

/** Whether a writer is named by the path of its module. */
function isModule(writer: string): boolean {
  return /[/\\]/.test(writer) || /\.(ts|js|mjs)$/.test(writer);
}

/** A path of the file, from the home folder or from the file's own. */
function readPath(
  text: string,
  path: KeyPath,
  { file, home }: ConfigPlace,
): string {
  const read = userPath(text, dirname(file), home);
  if (read !== undefined) return read;
  throw new ConfigFault(
    path,
    `key "${path.at(-1)}" begins with ~, and there is no home folder`,
    "Set HOME, or write the whole path",
  );
}
