import { parse, TomlError } from "smol-toml";
import { RdsiamError } from "../errors.ts";
import { checkShape, ConfigFault, type KeyPath } from "./check.ts";
import type { ConfigFile, ConfiguredTarget, SyncSettings } from "./config.ts";
import {
  CONFIG_SHAPE,
  type ConfigDocument,
  type SyncTable,
  TARGET_KEYS,
  type TargetTable,
} from "./definition.ts";
import type { ConfigPlace } from "./config_place.ts";
import { dirname } from "node:path";
import type { TargetField, TargetFields } from "../target/fields.ts";
import { userPath } from "./user_folder.ts";

/**
 * Reads the text of a configuration file.
 *
 * @throws {RdsiamError} `usage`, naming the file and the line, when it is no TOML, a key is not known or a value does not
 * fit
 */
export async function parseConfig(
  text: string,
  place: ConfigPlace,
): Promise<ConfigFile> {
  const document = parseToml(text, place);
  try {
    return readConfig(checkShape(document, CONFIG_SHAPE), place);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    const { lineOf } = await import("./outline.ts");
    throw configError(
      place,
      lineOf(text, error.path),
      error.message,
      error.hint,
    );
  }
}

function parseToml(text: string, place: ConfigPlace): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // Its further lines show the file's own, which may hold a secret after all.
    // deno-lint-ignore rdsiam/no-prose -- smol-toml's own
    const [first = ""] = cause.message.split("\n");
    throw configError(
      place,
      cause.line,
      first.replace(/^Invalid TOML document: /, "not valid TOML: "),
      "Write it as TOML: https://toml.io",
    );
  }
}

/** An error in a configuration file, at a line where it is known. */
export function configError(
  { file }: ConfigPlace,
  line: number | undefined,
  why: string,
  hint: string | undefined,
): RdsiamError {
  const where = line === undefined ? "" : `, line ${line}`;
  return new RdsiamError(
    "usage",
    `Configuration file "${file}"${where}: ${why}`,
    hint === undefined ? {} : { hint },
  );
}

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
