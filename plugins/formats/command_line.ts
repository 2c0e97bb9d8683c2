import { RdsiamError } from "../../core/errors.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";

/**
 * A command as one line for the shell of the system that it names its program for: a POSIX shell, or `cmd.exe` where
 * the program is on a drive.
 *
 * @throws {RdsiamError} `usage`, when a word cannot be quoted for `cmd.exe`
 */
export function shellCommand(words: readonly string[]): string {
  return isWindowsPath(words[0] ?? "")
    ? quotedCommand(words, /["%!\r\n]/)
    : words.map(quoteForShell).join(" ");
}

/**
 * A command as one line for programs that split at white space and know double quotes, and have no shell.
 *
 * @throws {RdsiamError} `usage`, when a word cannot be written so
 */
export function quotedCommand(
  words: readonly string[],
  unquotable = /["\r\n]|\$\{/,
): string {
  return words.map((word) => {
    if (unquotable.test(word)) {
      throw new RdsiamError(
        "usage",
        `Cannot write a command line for the client: "${word}" cannot be quoted in it`,
        { hint: "Give the target another name in the configuration file" },
      );
    }
    return /^[\w./\\:@+=,~-]+$/.test(word) ? word : `"${word}"`;
  }).join(" ");
}

function isWindowsPath(program: string): boolean {
  return /^[A-Za-z]:[\\/]|^\\\\/.test(program);
}
