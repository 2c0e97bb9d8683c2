import type { ConfiguredTarget } from "../../core/config/config.ts";
import { userPath } from "../../core/config/user_folder.ts";
import { WRITERS } from "../../plugins/mod.ts";
import type { Context } from "../frame/context.ts";
import { isOutsideCommand, PREFIX } from "../frame/outside_command.ts";
import type { Sources } from "./complete.ts";

/**
 * What is configured and installed here, read from files alone. What cannot be read counts as empty: a shell has no place
 * for errors.
 */
export function completionSources(
  context: Pick<Context, "environment" | "loadConfig" | "loadPgServices">,
): Sources {
  const { environment } = context;
  async function targets(config: string | undefined) {
    const { HOME } = environment;
    const file = config && userPath(config, Deno.cwd(), HOME);
    const [configured, services] = await Promise.all([
      orNothing(
        async () => [...(await context.loadConfig(file)).targets.values()],
      ),
      orNothing(() => context.loadPgServices()),
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
      const { findOutsideWriters } = await import(
        "../writer/outside_writers.ts"
      );
      return await findOutsideWriters(environment);
    });
    return [
      ...WRITERS.map(({ name }) => ({ value: name, about: "built in" })),
      ...outside.map(({ name, path }) => ({ value: name, about: path })),
    ];
  }
  async function commands() {
    const { findPrograms } = await import(
      "../../adapters/process/find_program.ts"
    );
    const programs = await orNothing(() => findPrograms(PREFIX, environment));
    return programs
      .map(({ name, path }) => ({
        value: name.slice(PREFIX.length),
        about: path,
      }))
      .filter(({ value }) => isOutsideCommand(value));
  }
  async function regions() {
    const { regionsOf } = await import("../../core/target/regions.ts");
    return ["aws", "aws-cn", "aws-us-gov"].flatMap(regionsOf)
      .map((value) => ({ value }));
  }
  return {
    targets,
    writers,
    commands,
    regions,
    profiles: () =>
      orNothing(async () => {
        const { loadProfiles } = await import(
          "../../adapters/credentials/shared_config.ts"
        );
        return Object.keys(await loadProfiles(environment)).map((value) => ({
          value,
        }));
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
