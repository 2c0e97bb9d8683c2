import type { Config, ConfigFile, ConfiguredTarget } from "./config.ts";

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
