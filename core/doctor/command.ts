import { quoteForShell } from "../text/quote_for_shell.ts";
import type { TargetField, TargetFields } from "../target/fields.ts";
import { FLAGS, SHORT_FLAGS } from "../target/flags.ts";

/** How the target was named on the command line: what a remedy repeats. */
export interface TargetWords {
  /** `[target]`, where it was given. */
  name: string | undefined;
  /** What the options gave. */
  fields: TargetFields;
  /** The configuration file that was named. */
  config: string | undefined;
}

/**
 * A command of rdsiam for the same target, as one line to type.
 *
 * @param changes what it needs otherwise; `undefined` leaves an option out
 * @param rest what follows, such as further options
 */
export function commandFor(
  command: readonly string[],
  { name, fields, config }: TargetWords,
  { changes = {}, rest = [] }: {
    changes?: { [Field in TargetField]?: string | undefined };
    rest?: readonly string[];
  } = {},
): string {
  const wanted = { ...fields, ...changes };
  const options = (Object.keys(FLAGS) as TargetField[]).flatMap((field) => {
    const value = wanted[field];
    return value === undefined
      ? []
      : [SHORT_FLAGS[field] ?? FLAGS[field], value];
  });
  return [
    "rdsiam",
    ...command,
    ...(name === undefined ? [] : [name]),
    ...options,
    ...(config === undefined ? [] : ["--config", config]),
    ...rest,
  ].map(quoteForShell).join(" ");
}
