import type { CommanderError } from "commander";
import { RdsiamError } from "../../core/errors.ts";

/**
 * Turns commander's words into the project's: a sentence, and the suggestion as the hint. Arguments and values that
 * commander repeats are left out, since a URL or an option that rdsiam does not know may hold a password.
 *
 * @param hint what to do where commander suggests nothing
 */
export function usageError(error: CommanderError, hint: string): RdsiamError {
  // deno-lint-ignore rdsiam/no-prose -- commander's own
  const [first = "", suggestion] = error.message.split("\n");
  const message = first.replace(/^error: /, "")
    .replace(/^(too many arguments for '[^']*').*$/i, "$1")
    .replace(/^(option '.*') argument missing$/, "$1 needs a value")
    .replace(/^(unknown option '[^'=]*)=.*$/, "$1'")
    .replace(/^unknown command '(?![\w-]+'$).*$/, "unknown command")
    .replaceAll("'", '"');
  const near = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? "")?.[1];
  return new RdsiamError(
    "usage",
    message.charAt(0).toUpperCase() + message.slice(1),
    {
      hint: near === undefined
        ? hint
        : `Did you mean ${near.replace(/^one of /, "")}?`,
    },
  );
}
