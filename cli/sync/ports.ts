import type { WritePorts } from "../../services/sync/write_job.ts";
import type { SyncPorts } from "../../services/sync/sync.ts";
import { RdsiamError } from "../../core/errors.ts";
import { passfilePath } from "../../core/passfile/path.ts";
import { provideRoots, rootsPath } from "../../adapters/roots_file.ts";
import { loadCaBundleFor } from "../ca_bundle.ts";
import type { Context } from "../context.ts";
import type { Reporter } from "../output.ts";
import { ownCommand } from "../own_command.ts";

/** What writing files needs, with the passfile where libpq would look for it. */
export async function createWritePorts(
  context: Context,
  reporter: Reporter,
): Promise<WritePorts> {
  const { environment } = context;
  const roots = rootsPath(environment);
  const warned = new Set<string>(); // once each, however long a watch runs
  return {
    files: await context.files(),
    shell: await context.shell(),
    places: {
      roots: roots ?? "",
      passfile: passfilePath(environment, Deno.build.os) ?? "",
      rdsiam: ownCommand(),
    },
    async provideRoots(regions) {
      const news = regions.filter((region) => !warned.has(region));
      const pem = await loadCaBundleFor(news, context, reporter);
      for (const region of news) warned.add(region);
      if (roots === undefined) {
        throw new RdsiamError(
          "usage",
          "There is no place for the trusted roots: HOME is not set",
          { hint: "Set HOME, or name a file of roots with --sslrootcert" },
        );
      }
      await provideRoots(roots, pem);
    },
    print: (text) => context.stdout.write(text),
  };
}

/** What keeping files fresh needs. */
export async function createSyncPorts(
  context: Context,
  reporter: Reporter,
): Promise<SyncPorts> {
  return {
    ...await createWritePorts(context, reporter),
    tokens: await context.tokens(),
    clock: context.clock,
  };
}
