import type { Command } from "commander";

/** Adds the options that say how long to keep files fresh, and what to do about changes. */
export function addWatchOptions(command: Command): Command {
  return command
    .option("--watch", "stay, and renew before each expiry")
    .option(
      "--on-refresh <command>",
      "run this in the shell after a change; RDSIAM_CHANGED holds the files, a line each",
    )
    .option(
      "--remove-on-exit",
      "with --watch: take the entries out again at the end",
    );
}
