import type { ConfiguredTarget } from "../../core/config/config.ts";
import { userPath } from "../../core/user_path.ts";
import { WRITERS } from "../../plugins/mod.ts";
import type { Context } from "../context.ts";
import type { Candidate, Sources } from "./complete.ts";

/**
 * What is configured and installed here, read from files alone. What cannot be read counts as empty: a shell has no place
 * for errors.
 *
 * @param commands the names of the program's own commands
 */
export function completionSources(
  context: Pick<Context, "environment" | "loadConfig" | "loadServices">,
  commands: readonly Candidate[],
): Sources {
  const { environment } = context;
  async function targets(config: string | undefined) {
    const { HOME } = environment;
    const file = config && userPath(config, Deno.cwd(), HOME);
    const [configured, services] = await Promise.all([
      orNothing(
        async () => [...(await context.loadConfig(file)).targets.values()],
      ),
      orNothing(() => context.loadServices()),
    ]);
    return [
      ...configured.map((target) => ({
        value: target.name,
        about: aboutTarget(target),
      })),
      ...services.map(({ name, file }) => ({
        value: `service:${name}`,
        about: file,
      })),
    ];
  }
  async function writers() {
    const outside = await orNothing(async () => {
      const { findOutsideWriters } = await import("../outside_writers.ts");
      return await findOutsideWriters(environment);
    });
    return [
      ...WRITERS.map(({ name }) => ({ value: name, about: "built in" })),
      ...outside.map(({ name, path }) => ({ value: name, about: path })),
    ];
  }
  return {
    targets,
    writers,
    commands: () => Promise.resolve(commands),
    profiles: () =>
      orNothing(async () => {
        const { loadProfiles } = await import("../../adapters/aws_config.ts");
        return Object.keys(await loadProfiles()).map((value) => ({ value }));
      }),
  };
}

function aboutTarget({ fields }: ConfiguredTarget): string {
  const { username, host = "" } = fields;
  return username === undefined ? host : `${username} at ${host}`;
}

async function orNothing<T>(
  find: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await find();
  } catch {
    return [];
  }
}
