import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "./permissions.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";

/** How this process was started. */
export interface OwnProcess {
  /** Whether it is the compiled binary. */
  standalone: boolean;
  /** Absolute path of its executable. */
  execPath: string;
  /** URL of the module that it runs. */
  mainModule: string;
}

/** How this process was started. */
export function ownProcess(): OwnProcess {
  return {
    standalone: Deno.build.standalone,
    execPath: Deno.execPath(),
    mainModule: Deno.mainModule,
  };
}

/**
 * The command line that calls this rdsiam again, program first. All of it is absolute: what calls it may have been
 * started by a dock or by systemd, with another folder and another `PATH`. That is why the script of `deno install` is
 * passed by, too: it looks `deno` up on `PATH`.
 */
export function ownCommand(
  process: OwnProcess = ownProcess(),
): [string, ...string[]] {
  const { standalone, execPath, mainModule } = process;
  if (standalone) return [execPath];
  const main = mainModule.startsWith("file:")
    ? fileURLToPath(mainModule)
    : mainModule;
  return [execPath, "run", "--no-prompt", ...PERMISSIONS, main];
}

/**
 * A command line as one text, for a variable. A single word stands as it is, so that `"$RDSIAM"` calls it whatever its
 * path holds; several are quoted as a POSIX shell reads them.
 */
export function commandText(command: readonly string[]): string {
  const [only = "", ...rest] = command;
  return rest.length === 0 ? only : command.map(quoteForShell).join(" ");
}
