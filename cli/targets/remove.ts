import { homeFolder } from "../../adapters/config/config_paths.ts";
import { parseConfig } from "../../core/config/parse.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { namedTarget } from "../target/named_source.ts";
import type { ListOptions } from "./list.ts";

/** Takes a target out of the configuration file. */
export async function runRemove(
  name: string,
  options: ListOptions,
  invocation: Invocation<Pick<Context, "stdout" | "files" | "loadConfig">>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const config = await context.loadConfig(options.config);
  const { file } = namedTarget(name, config);
  const place = { file, home: homeFolder(context.environment) };
  const { removeTargets } = await import("../../core/config/edit.ts");
  let edited = "";
  await (await context.files()).update(
    file,
    async (text) => edited = await removeTargets(text, [name], place),
    { isSecret: false },
  );
  if (options.json) {
    context.stdout.write(`${JSON.stringify({ name, file })}\n`);
  }
  reporter.info(`Removed target "${name}" from "${file}"`);
  const { defaultTarget, sync } = await parseConfig(edited, place);
  if (defaultTarget === name) {
    reporter.warn(`default_target of "${file}" still names it`);
  }
  if (sync.some(({ targets }) => targets?.includes(name))) {
    reporter.warn(`A [[sync]] of "${file}" still names it`);
  }
}
