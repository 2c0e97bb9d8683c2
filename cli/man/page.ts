import type { Argument, Command } from "commander";
import { examplesOf } from "../frame/command.ts";
import { EXIT_CODES, SUCCESS } from "../frame/exit_codes.ts";
import { bold, roffEntry, roffLines, roffText } from "./roff.ts";

/** What stands at the foot of each page. */
export interface Edition {
  version: string;
  /** `YYYY-MM-DD`. */
  date: string;
}

/** The man pages of the program and each of its commands, by file name, in man(7). */
export function manPages(
  program: Command,
  edition: Edition,
): ReadonlyMap<string, string> {
  const { commands } = program;
  const pages = new Map([[
    "rdsiam.1",
    programPage(program, commands, edition),
  ]]);
  for (const command of commands) {
    const page = `rdsiam-${command.name()}`;
    pages.set(
      `${page}.1`,
      [
        heading(page, edition, command.summary()),
        ...describe(command, ".SH"),
        ...environment([command, ...command.commands]),
        exitStatus(["connect", "exec"].includes(command.name())),
        section(".SH", "SEE ALSO", `${bold("rdsiam")}(1)\n`),
      ].join(""),
    );
  }
  return pages;
}

function programPage(
  program: Command,
  commands: readonly Command[],
  edition: Edition,
): string {
  const entries = commands.map((command) =>
    roffEntry(
      command.name(),
      `${command.summary()}; rdsiam-${command.name()}(1)`,
    )
  );
  return [
    heading("rdsiam", edition, program.description()),
    section(".SH", "SYNOPSIS", `${bold("rdsiam")} <command> [options]\n`),
    section(".SH", "COMMANDS", entries.join("")),
    section(".SH", "OPTIONS", optionEntries(program).join("")),
    exitStatus(false),
    section(
      ".SH",
      "FILES",
      roffEntry(
        "rdsiam.toml",
        "the project's configuration, upwards from here",
      ) +
        roffEntry("~/.config/rdsiam/config.toml", "the user's own"),
    ),
  ].join("");
}

function heading(page: string, { version, date }: Edition, summary: string) {
  return `.TH "${roffText(page.toUpperCase())}" 1 "${date}" "rdsiam ${
    roffText(version)
  }" "rdsiam"\n` +
    section(".SH", "NAME", `${roffText(page)} \\- ${roffText(summary)}\n`);
}

/** What a command's help says; its subcommands follow, each under its name. */
function describe(command: Command, level: ".SH" | ".SS"): string[] {
  const words = pathOf(command);
  const usage = `${bold(words)} ${roffText(command.usage())}\n`;
  const own = command.registeredArguments.length + examplesOf(command).length;
  const { commands } = command;
  return [
    section(level, level === ".SH" ? "SYNOPSIS" : words, usage),
    ...(level === ".SS" ? [`.PP\n${roffText(command.description())}\n`] : []),
    ...(own > 0 || commands.length === 0 ? body(command, level) : []),
    ...(commands.length > 0
      ? [
        section(".SH", "COMMANDS", ""),
        ...commands.flatMap((command) => describe(command, ".SS")),
      ]
      : []),
  ];
}

function body(command: Command, level: ".SH" | ".SS"): string[] {
  const given = command.registeredArguments.map((argument) =>
    roffEntry(argumentTerm(argument), argument.description)
  );
  const examples = examplesOf(command);
  // Within a subcommand's part, these follow each other under no name of their own.
  return level === ".SS"
    ? [...given, ...optionEntries(command), ".PP\n", roffLines(examples)]
    : [
      given.length > 0 ? section(".SH", "ARGUMENTS", given.join("")) : "",
      section(".SH", "OPTIONS", optionEntries(command).join("")),
      examples.length > 0
        ? section(".SH", "EXAMPLES", roffLines(examples))
        : "",
    ];
}

function optionEntries(command: Command): string[] {
  const help = command.createHelp();
  return help.visibleOptions(command).map((option) =>
    roffEntry(option.flags, help.optionDescription(option))
  );
}

/** What the options and arguments say of the environment: `(env: NAME)`. */
function environment(commands: readonly Command[]): string[] {
  const names = new Map<string, string>();
  for (const command of commands) {
    const { registeredArguments } = command;
    const { options } = command;
    for (
      const [term = "", about] of [
        ...options.map(({ long, description }) => [long, description] as const),
        ...registeredArguments.map((argument) =>
          [`[${argument.name()}]`, argument.description] as const
        ),
      ]
    ) {
      const name = /\(env: (\w+)/.exec(about)?.[1];
      if (name !== undefined) names.set(name, term);
    }
  }
  if (names.size === 0) return [];
  const entries = [...names].map(([name, term]) =>
    roffEntry(name, `stands in for ${term}`)
  );
  return [section(".SH", "ENVIRONMENT", entries.join(""))];
}

function exitStatus(hasChild: boolean): string {
  const entries = [SUCCESS, ...Object.values(EXIT_CODES)]
    .map(({ code, means }) => roffEntry(String(code), means));
  const child = hasChild
    ? `.PP\n${
      roffText(
        "Once the program runs, its own; 128+N when signal N ended it; 126 when it cannot be executed, 127 when it is not found.",
      )
    }\n`
    : "";
  return section(".SH", "EXIT STATUS", `${entries.join("")}${child}`);
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[<${name}>]`;
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null
    ? command.name()
    : `${pathOf(parent)} ${command.name()}`;
}

function section(level: ".SH" | ".SS", name: string, text: string): string {
  return `${level} ${level === ".SS" ? `"${roffText(name)}"` : name}\n${text}`;
}
