import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import type { WriterOption } from "../../core/writer/writer.ts";
import { offer } from "../frame/command.ts";

/** A writer as it is asked for, by options or by a `[[sync]]` of the configuration. */
export interface WriterRequest {
  /** Its name, or the path of its module. */
  writer: string;
  /** Where its text goes; default: the writer's own place. */
  path?: string;
  /** The option that says where, for hints; default `--writer`. */
  pathOption?: string;
  /** What it is made with. */
  options: Readonly<Record<string, WriterOption>>;
  /** Names of targets; default: all that the command or the configuration names. */
  targets?: readonly string[];
  /** Command of the shell to run after a change. */
  onRefresh?: string;
}

/**
 * Adds `--writer NAME[=PATH]` and `--option KEY=VALUE`, which belongs to the writer before it.
 *
 * @returns the requests, filled as the options are read
 */
export function addWriterOptions(command: Command): readonly WriterRequest[] {
  const requests: WriterRequest[] = [];
  command
    .option(
      "--writer <name[=path]>",
      "writer and its file, repeatable; - is standard output, '|COMMAND' a command's input (default: each [[sync]] of the configuration)",
      (text: string) => {
        requests.push({ ...splitWriter(text), options: {} });
      },
    )
    .option(
      "--option <key=value>",
      "option of the writer before it, repeatable; @FILE is a file's text",
      (text: string) => {
        const last = requests.pop();
        if (last === undefined) {
          throw new RdsiamError("usage", "--option belongs to no writer", {
            hint: "Write it after the --writer that it is for",
          });
        }
        const options = { ...last.options, ...readOption(text) };
        requests.push({ ...last, options });
      },
    );
  offer(command, "--writer", "writers");
  return requests;
}

function splitWriter(text: string): { writer: string; path?: string } {
  const [writer = "", path] = text.split(/=(.*)/s);
  if (writer === "") {
    throw new RdsiamError("usage", "The name of a writer is missing", {
      hint: "Run rdsiam writers to see them",
    });
  }
  return path === undefined ? { writer } : { writer, path };
}

/** Reads `KEY=VALUE`. */
export function readOption(text: string): Record<string, string> {
  const [key = "", value] = text.split(/=(.*)/s);
  if (key !== "" && value !== undefined) return { [key]: value };
  throw new RdsiamError("usage", `Option "${text}" of --option has no value`, {
    hint: "Write it as KEY=VALUE",
  });
}

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
