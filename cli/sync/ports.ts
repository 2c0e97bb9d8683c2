import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import type { WritePorts } from "../../services/sync/write_job.ts";
import type { SyncPorts } from "../../services/sync/sync.ts";
import { RdsiamError } from "../../core/errors.ts";
import { passfilePath } from "../../core/passfile/path.ts";
import { mergeRoots } from "../../adapters/roots/pem_roots.ts";
import { provideRoots, rootsPath } from "../../adapters/roots/roots_file.ts";
import { loadCaBundle, type RootsContext } from "../roots/trust.ts";
import type { Context } from "../frame/context.ts";
import { ownCommand } from "../frame/own_command.ts";

/** What writing files needs from outside. */
export type WriteContext =
  & RootsContext
  & Pick<Context, "environment" | "files" | "shell" | "stdout" | "keptRoots">;

/** What writing files needs, with the passfile where libpq would look for it. */
export async function createWritePorts(
  context: WriteContext,
): Promise<WritePorts> {
  const { environment } = context;
  const roots = rootsPath(environment);
  return {
    files: await context.files(),
    shell: await context.shell(),
    places: {
      roots: roots ?? "",
      passfile: passfilePath(environment, Deno.build.os) ?? "",
      rdsiam: ownCommand(),
    },
    async provideRoots(targets) {
      if (roots === undefined) {
        throw new RdsiamError(
          "usage",
          "There is no place for the trusted roots: HOME is not set",
          { hint: "Set HOME, or name a file of roots with --sslrootcert" },
        );
      }
      const pem = await loadCaBundle(targets, context);
      // The file is shared with other runs, whose targets may be in further regions.
      await provideRoots(roots, mergeRoots([pem, await context.keptRoots()]));
    },
    print: (text) => context.stdout.write(text),
  };
}

/** What keeping files fresh needs. */
export async function createSyncPorts(
  context: WriteContext & Pick<Context, "tokens">,
  help: SignInHelp,
): Promise<SyncPorts> {
  return {
    ...await createWritePorts(context),
    tokens: await context.tokens(help),
    clock: context.clock,
  };
}
