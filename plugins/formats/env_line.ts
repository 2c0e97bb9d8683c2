import { RdsiamError } from "../../core/errors.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";

/** Who reads a file of variables: dotenv, direnv and docker, or a shell. */
export type EnvFormat = "dotenv" | "shell";

/** What every reader of dotenv files, and `docker --env-file`, takes as it stands. A token is made of it. */
const PLAIN = /^[\w./:@%+=,?&~-]*$/;

/** Whether a value stands without quotes, which docker would take as a part of it. */
export function isPlainEnvValue(value: string): boolean {
  return PLAIN.test(value);
}

/**
 * One line that sets a variable: `KEY=value`, quoted where it must be, or `export KEY='value'` for a shell.
 *
 * @throws {RdsiamError} `usage`, when the format cannot hold the value
 */
export function formatEnvLine(
  name: string,
  value: string,
  format: EnvFormat,
): string {
  if (/\p{Cc}/u.test(value)) throw unwritable(name);
  return format === "shell"
    ? `export ${name}=${quoteForShell(value)}`
    : `${name}=${quoteForDotenv(name, value)}`;
}

function quoteForDotenv(name: string, value: string): string {
  if (PLAIN.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  // Within double quotes each reader has escapes of its own.
  if (!/["\\$`]/.test(value)) return `"${value}"`;
  throw unwritable(name);
}

function unwritable(name: string): RdsiamError {
  return new RdsiamError(
    "usage",
    `Variable ${name} cannot be written: its value holds characters that readers of such files take differently`,
    { hint: "Use the writer json or template" },
  );
}
