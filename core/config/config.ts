import type { TargetFields } from "../target/fields.ts";
import type { WriterOption } from "../writer/writer.ts";

/** Who `setup-db`, `grant` and `revoke` log in as. */
export interface AdminSettings {
  /** The administrator's user name. */
  username?: string;
  /** With a password (the default) or with a token. */
  auth?: "password" | "iam";
}

/** A target of a configuration file. Its fields are as spelt there, but for paths, which are absolute. */
export interface ConfiguredTarget {
  name: string;
  fields: TargetFields;
  admin?: AdminSettings;
  /** Path of the file that it stands in. */
  file: string;
}

/** One `[[sync]]` of a configuration file: a client's file to keep fresh. */
export interface SyncSettings {
  /** Name of a writer, or the absolute path of its module. */
  writer: string;
  /** Absolute path of the file, `-` for standard output, `|COMMAND` for a command's input; default: the writer's own. */
  path?: string;
  /** Names of targets; default: every target of the configuration. */
  targets?: readonly string[];
  /** What the writer is made with. */
  options: Readonly<Record<string, WriterOption>>;
  /** Command for the shell to run after a change. */
  onRefresh?: string;
  /** Path of the file that it stands in. */
  file: string;
}

/** One configuration file. */
export interface ConfigFile {
  /** Its absolute path. */
  path: string;
  /** The target that is meant where none is named. */
  defaultTarget?: string;
  /** Its targets in their order. */
  targets: readonly ConfiguredTarget[];
  /** Every `[[sync]]` in their order. */
  sync: readonly SyncSettings[];
}

/** The configuration files merged: the nearer one wins per target. */
export interface Config {
  /** The files that were read, the nearest first. */
  files: readonly string[];
  /** The target that is meant where none is named, and the file that says so. */
  defaultTarget?: { name: string; file: string };
  /** Every target by its name. */
  targets: ReadonlyMap<string, ConfiguredTarget>;
  /** Every `[[sync]]`: the nearest file's that has any. */
  sync: readonly SyncSettings[];
}

/** Merges configuration files, the nearest first: it wins for each target as a whole. */
export function mergeConfigs(files: readonly ConfigFile[]): Config {
  const targets = new Map<string, ConfiguredTarget>();
  for (const file of files) {
    for (const target of file.targets) {
      if (!targets.has(target.name)) targets.set(target.name, target);
    }
  }
  const chooser = files.find((file) => file.defaultTarget !== undefined);
  return {
    files: files.map(({ path }) => path),
    ...(chooser?.defaultTarget !== undefined && {
      defaultTarget: { name: chooser.defaultTarget, file: chooser.path },
    }),
    targets,
    sync: files.find(({ sync }) => sync.length > 0)?.sync ?? [],
  };
}
