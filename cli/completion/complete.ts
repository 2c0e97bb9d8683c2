import type { Command, Option } from "commander";
import {
  type Offer,
  offerOfArgument,
  offerOfOption,
} from "../frame/command.ts";

/** A word that a shell may complete another one to. */
export interface Candidate {
  value: string;
  /** What it means, in one line. */
  about?: string;
}

/** What a shell is to complete a word with. */
export type Completion =
  | { kind: "words"; candidates: readonly Candidate[] }
  /** Paths, as the shell knows them, behind what stays of the word, such as `--config=`. */
  | { kind: "files" | "folders"; prefix: string }
  /** What stands after so many words `--` is a command line of its own. */
  | { kind: "command"; dashes: number };

/** Finds what there is of a kind; `config` is the configuration file that the words name. */
type Source = (config: string | undefined) => Promise<readonly Candidate[]>;

/** What there is of each kind at the time; `commands` are those from outside. */
export type Sources = Readonly<
  Record<
    "commands" | Exclude<Offer, "files" | "folders" | readonly string[]>,
    Source
  >
>;

/** Where in a command line the cursor is. */
interface Position {
  command: Command;
  /** How many arguments stand before it. */
  argumentCount: number;
  /** The option whose value is next. */
  awaiting: Option | undefined;
  seen: ReadonlySet<Option>;
  config: string | undefined;
}

const NOTHING: Completion = { kind: "words", candidates: [] };

/**
 * What the last word can be completed with.
 *
 * @param declare the program, with the options of the command that these words call
 * @param words the words after `rdsiam`, the last one up to the cursor
 */
export async function complete(
  declare: (words: readonly string[]) => Promise<Command>,
  words: readonly string[],
  sources: Sources,
): Promise<Completion> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const dashes = before.indexOf("--");
  if (dashes >= 0) {
    const [called] = before;
    if (called === "exec") return { kind: "command", dashes: 1 };
    if (called !== "service") return NOTHING;
    const inner = await complete(declare, words.slice(dashes + 1), sources);
    return inner.kind === "command"
      ? { ...inner, dashes: inner.dashes + 1 }
      : inner;
  }
  const position = walk(await declare(words), before);
  if (position === undefined) return { kind: "files", prefix: "" };
  const { command, awaiting, config } = position;
  async function values(
    offer: Offer | undefined,
    prefix = "",
  ): Promise<Completion> {
    if (offer === undefined) return NOTHING;
    if (offer === "files" || offer === "folders") {
      return { kind: offer, prefix };
    }
    const found = typeof offer === "string"
      ? await sources[offer](config)
      : offer.map((value) => ({ value }));
    return startingWith(
      current,
      found.map((found) => ({ ...found, value: `${prefix}${found.value}` })),
    );
  }
  if (awaiting !== undefined) {
    return await valuesOf(awaiting, current, "", values);
  }
  const joined = /^(--[\w-]+)=/.exec(current);
  if (joined !== null) {
    const [prefix, name] = joined;
    const option = optionsOf(command).find(({ long }) => long === name);
    if (option === undefined || !takesValue(option)) return NOTHING;
    return await valuesOf(option, current.slice(prefix.length), prefix, values);
  }
  if (current.startsWith("-")) {
    return startingWith(current, optionCandidates(position));
  }
  const { argumentCount } = position;
  const isProgram = command.parent === null;
  if (isProgram && argumentCount === 1) { // of `help`
    return startingWith(current, subcommandCandidates(command));
  }
  const found = await values(argumentOffer(position));
  if (argumentCount > 0 || found.kind !== "words") return found;
  const outside = isProgram ? await sources.commands(config) : [];
  const commands = [...subcommandCandidates(command), ...outside];
  return {
    kind: "words",
    candidates: [
      ...startingWith(current, commands).candidates,
      ...found.candidates,
    ],
  };
}

/** The values of an option; behind the name of a writer and `=` stands a file. */
async function valuesOf(
  option: Option,
  value: string,
  prefix: string,
  values: (offer: Offer | undefined, prefix?: string) => Promise<Completion>,
): Promise<Completion> {
  const offer = offerOfOption(option);
  const name = offer === "writers" ? /^[^=]*=/.exec(value)?.[0] : undefined;
  return name === undefined
    ? await values(offer, prefix)
    : await values("files", `${prefix}${name}`);
}

/** Where the cursor is after these words; `undefined` when they call what is no command of ours. */
function walk(
  program: Command,
  words: readonly string[],
): Position | undefined {
  let command = program;
  let argumentCount = 0;
  let awaiting: Option | undefined;
  let config: string | undefined;
  const seen = new Set<Option>();
  for (const word of words) {
    if (awaiting !== undefined) {
      if (awaiting.long === "--config") config = word;
      awaiting = undefined;
      continue;
    }
    if (word.startsWith("-") && word !== "-") {
      const [, long, value] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
      const option = optionsOf(command).find((option) =>
        long === undefined
          ? option.short === word.slice(0, 2)
          : option.long === long
      );
      if (option === undefined) continue;
      seen.add(option);
      if (option.long === "--config") config = value;
      const isJoined = value !== undefined ||
        long === undefined && word.length > 2;
      if (takesValue(option) && !isJoined) awaiting = option;
      continue;
    }
    const subcommand = argumentCount > 0
      ? undefined
      : command.commands.find((command) => command.name() === word);
    if (subcommand !== undefined) command = subcommand;
    else if (command === program && word !== "help" && argumentCount === 0) {
      return undefined;
    } else argumentCount++;
  }
  return { command, argumentCount, awaiting, seen, config };
}

function argumentOffer(
  { command, argumentCount }: Position,
): Offer | undefined {
  const declared = command.registeredArguments;
  const argument = declared[argumentCount] ??
    (declared.at(-1)?.variadic ? declared.at(-1) : undefined);
  return argument && offerOfArgument(argument);
}

function optionCandidates({ command, seen }: Position): Candidate[] {
  return optionsOf(command).filter((option) =>
    option.long !== undefined &&
    // What gathers its values may be repeated.
    (!seen.has(option) || option.parseArg !== undefined)
  ).map(({ long = "", description }) => ({ value: long, about: description }));
}

function subcommandCandidates(command: Command): Candidate[] {
  return command.createHelp().visibleCommands(command).map((command) => ({
    value: command.name(),
    about: command.summary() || command.description(),
  }));
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function startingWith(current: string, candidates: readonly Candidate[]) {
  return {
    kind: "words" as const,
    candidates: candidates.filter(({ value }) => value.startsWith(current)),
  };
}
