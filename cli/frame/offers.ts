import type { Argument, Command, Option } from "commander";

/** What a shell may complete a value with: these words, or all there are of a kind. */
export type Offer =
  | readonly string[]
  | "files"
  | "folders"
  | "profiles"
  | "regions"
  | "targets"
  | "writers";

const OFFERS = new WeakMap<Option | Argument, Offer>();

/**
 * Says what an option or argument of a command may be completed with. What is called a file, a folder, a region or a target
 * is known by its name already.
 *
 * @param name of the option, dashes included, or of the argument
 * @throws {TypeError} when the command has none of that name
 */
export function offer(command: Command, name: string, values: Offer): Command {
  const declared = command.options.find(({ long }) => long === name) ??
    command.registeredArguments.find((argument) => argument.name() === name);
  if (declared === undefined) throw new TypeError(`There is no ${name}`);
  OFFERS.set(declared, values);
  return command;
}

/** What the value of an option may be completed with; `undefined` where only its user knows. */
export function offerOfOption(option: Option): Offer | undefined {
  const placeholder = /[<[](.*)[>\]]$/.exec(option.flags)?.[1];
  return OFFERS.get(option) ?? offerByName(placeholder);
}

/** The same for an argument. */
export function offerOfArgument(argument: Argument): Offer | undefined {
  return OFFERS.get(argument) ?? offerByName(argument.name());
}

function offerByName(name: string | undefined): Offer | undefined {
  switch (name) {
    case "file":
    case "path":
    case "sslrootcert":
      return "files";
    case "dir":
      return "folders";
    case "region":
      return "regions";
    case "target":
      return "targets";
    default:
      return undefined;
  }
}
