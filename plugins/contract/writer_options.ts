import { didYouMean } from "../../core/text/nearest.ts";
import type { WriterOption } from "../../core/writer/writer.ts";

/** A writer's options with their defaults; a list holds the values that are allowed, the default first. */
export type OptionDefaults = Readonly<
  Record<string, WriterOption | readonly [string, ...string[]]>
>;

/** The options that come of the defaults. */
export type OptionValues<Defaults extends OptionDefaults> = {
  [Name in keyof Defaults]: Defaults[Name] extends readonly (infer Choice)[]
    ? Choice
    : Defaults[Name] extends string ? string
    : Defaults[Name] extends number ? number
    : boolean;
};

/** An option that a writer cannot be made with. */
export class WriterOptionError extends RangeError {
  /** The name of the class, also where a bundler renames it. */
  override readonly name = "WriterOptionError";
  /** What to do, in one line. */
  readonly hint: string | undefined;

  /** Says what is wrong with which option. */
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Checks the options that a writer is made with. Text is taken for a number or a boolean where one is wanted, since the
 * command line knows text alone.
 *
 * @throws {WriterOptionError} when an option is not known or its value is wrong
 */
export function readWriterOptions<const Defaults extends OptionDefaults>(
  given: Readonly<Record<string, WriterOption>> | undefined,
  defaults: Defaults,
): OptionValues<Defaults> {
  const values: Record<string, WriterOption> = {};
  for (const [name, standard] of Object.entries(defaults)) {
    values[name] = readOption(name, given?.[name], standard);
  }
  for (const name of Object.keys(given ?? {})) {
    if (Object.hasOwn(defaults, name)) continue;
    const names = Object.keys(defaults);
    const hint = didYouMean(name, names) ??
      (names.length > 0 ? `Known: ${names.join(", ")}` : "It takes none");
    throw new WriterOptionError(`Option "${name}" is not known`, hint);
  }
  return values as OptionValues<Defaults>;
}

function readOption(
  name: string,
  value: WriterOption | undefined,
  standard: OptionDefaults[string],
): WriterOption {
  if (typeof standard === "object") {
    const choice = value ?? standard[0];
    if (standard.some((known) => known === choice)) return choice;
    throw new WriterOptionError(
      `Option "${name}" is "${choice}", and must be ${standard.join(" or ")}`,
    );
  }
  if (value === undefined) return standard;
  const read = typeof value === "string" ? fromText(value, standard) : value;
  if (typeof read === typeof standard) return read;
  throw new WriterOptionError(`Option "${name}" must be a ${typeof standard}`);
}

function fromText(text: string, standard: WriterOption): WriterOption {
  switch (typeof standard) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text))
        ? Number(text)
        : text;
    case "string":
      return text;
  }
}
