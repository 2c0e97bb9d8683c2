import { ENGINES } from "../core/engine/engines.ts";
import { formatEnvLine, isPlainEnvValue } from "./formats/env_line.ts";
import { RdsiamError } from "../core/errors.ts";
import {
  putBlocks,
  readBlocks,
  readForeignLines,
  removeBlocks,
} from "./formats/managed_blocks.ts";
import { formatConnectionUrl } from "../core/target/connection_url.ts";
import { requireIpConnect } from "./clients/require_ip_connect.ts";
import type {
  PureWriter,
  PureWriterFactory,
  WriterEntry,
} from "../core/writer/writer.ts";
import {
  readWriterOptions,
  WriterOptionError,
} from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** `dotenv` for dotenv, direnv and docker, where a token stands without quotes, `shell` for `. FILE`. */
  format: ["dotenv", "shell"],
  /** What the variables' names begin with; `{name}` stands for the target's, in capitals. */
  prefix: "",
  /** A variable for the connection URL too, such as `DATABASE_URL`. */
  url: "",
} as const;

/** Variables for programs that read a file of them: dotenv, `docker --env-file`, direnv's dotenv; with `format=shell`, a shell. */
const env: PureWriterFactory = (given): PureWriter => {
  const { format, prefix, url } = readWriterOptions(given, defaults);
  if (!/^(?:[A-Za-z_]\w*)?$/.test(url)) {
    throw new WriterOptionError(`Option "url" must be the name of a variable`);
  }
  if (!/^(?:[A-Za-z_]\w*)?$/.test(prefix.replaceAll("{name}", "A"))) {
    throw new WriterOptionError(
      `Option "prefix" must be the beginning of a variable's name`,
    );
  }

  function variables(entry: WriterEntry): [name: string, value: string][] {
    if (entry.engine === "postgres") requireIpConnect(entry);
    const { password, engine } = entry;
    const login = { kind: "password", token: password } as const;
    const { set } = ENGINES[engine].loginEnvironment(entry, login);
    const start = prefix.replaceAll("{name}", toVariable(entry.name));
    const all = Object.entries({
      ...set,
      ...(url !== "" && { [url]: formatConnectionUrl(entry, password) }),
    });
    return all.map(([name, value]) => [`${start}${name}`, value]);
  }

  return {
    name: "env",
    describe: {
      summary: "variables, one a line",
      clients:
        "dotenv, docker --env-file, direnv's dotenv; a shell with format=shell",
      rereads: "start",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const sets = entries.map((entry) => ({
        entry,
        variables: variables(entry),
      }));
      const newText = putBlocks(
        oldText,
        sets.map(({ entry, variables }) => ({
          name: entry.name,
          expiresAt: entry.expiresAt || undefined,
          lines: variables.map(([name, value]) =>
            formatEnvLine(name, value, format)
          ),
        })),
        "#",
      );
      const owners = findOwners(newText);
      const notices = readForeignLines(newText, "#").flatMap(
        ({ line, text }) => {
          const name = variableOf(text);
          return name !== undefined && owners.has(name)
            ? [`Line ${line} sets ${name} too: the later one wins`]
            : [];
        },
      );
      const quoted = sets.flatMap(({ variables }) => variables)
        .filter(([, value]) => !isPlainEnvValue(value))
        .map(([name]) => name);
      if (format === "dotenv" && quoted.length > 0) {
        notices.push(
          `docker --env-file takes the quotes of ${
            quoted.join(", ")
          } for a part of the value`,
        );
      }
      return { newText, notices };
    },
    remove: (names, oldText) => ({
      newText: removeBlocks(oldText, names, "#"),
    }),
    list: (oldText) => readBlocks(oldText, "#"),
  };
};

export default env;

function toVariable(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}

function variableOf(line: string): string | undefined {
  return /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];
}

/** The target of each variable that the file's blocks set. */
function findOwners(text: string): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { name, lines } of readBlocks(text, "#")) {
    for (const line of lines) {
      const variable = variableOf(line);
      if (variable === undefined) continue;
      const owner = owners.get(variable);
      if (owner !== undefined) {
        throw new RdsiamError(
          "usage",
          `Variable ${variable} cannot be both that of "${owner}" and of "${name}"`,
          {
            hint:
              "Give each target names of its own with the option prefix={name}_, or a file of its own",
          },
        );
      }
      owners.set(variable, name);
    }
  }
  return owners;
}
