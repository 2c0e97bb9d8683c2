import type { ConfiguredTarget } from "../../core/config/config.ts";
import { goneTargets, type Searched } from "../../core/rds/gone_targets.ts";
import { homeFolder } from "../../adapters/config/config_paths.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import type { DiscoverOptions } from "./discover_options.ts";

/** Tells which saved targets are gone from where was looked, and takes them out where that is agreed to. */
export async function prune(
  configured: readonly ConfiguredTarget[],
  searched: readonly Searched[],
  options: DiscoverOptions,
  context: Pick<Context, "configPath" | "files" | "environment">,
  reporter: Reporter,
): Promise<void> {
  const gone = goneTargets(configured, searched);
  for (const { name, fields } of gone) {
    reporter.info(`Target "${name}" is gone: AWS has no ${fields.host}`);
  }
  if (gone.length === 0) return reporter.info("No saved target is gone");
  if (!options.yes) {
    return reporter.info("Nothing was taken out: add --yes to do it");
  }
  const file = await context.configPath(options.config);
  const place = { file, home: homeFolder(context.environment) };
  const { removeTargets } = await import("../../core/config/edit.ts");
  const names = gone.map(({ name }) => name);
  await (await context.files()).update(
    file,
    (text) => removeTargets(text, names, place),
    { isSecret: false },
  );
  const { length } = names;
  reporter.info(
    `Took ${length} target${length > 1 ? "s" : ""} out of "${file}"`,
  );
}
