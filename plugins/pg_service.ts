import { RdsiamError } from "../core/errors.ts";
import { formatSignedPort, SIGNED_PORT } from "../core/target/service_file.ts";
import { lineEndOf } from "./formats/text_edit.ts";
import { clientPath } from "./clients/client_folder.ts";
import { namedLogin, requirePostgres } from "./clients/client_login.ts";
import {
  type PureWriter,
  UnreadableText,
  type WriterEntry,
  type WriterOption,
} from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The line before the header of a section that is ours. */
const MARKER = "# rdsiam keeps this section";

/** The settings that are ours in such a section; whatever else the user puts there stays. */
const KEYS = new Set([
  "host",
  "hostaddr",
  "port",
  "user",
  "dbname",
  "sslmode",
  "sslrootcert",
  "passfile",
]);

/** The comment that keeps the endpoint's port, where `port` is a tunnel's. */
const isSignedPort = (line: string) => SIGNED_PORT.test(line.trim());

/** libpq refuses the file from a line of so many bytes on, line end included (`parseServiceFile` in `fe-connect.c`). */
const TOO_LONG = 1023;

/** A section of a service file, as indexes of its lines. */
interface Section {
  name: string;
  /** Whether its marker stands above its header. */
  isOurs: boolean;
  /** Its header, or the marker where it has one. */
  start: number;
  header: number;
  /** Behind its last setting; comments and empty lines after that belong to what follows. */
  end: number;
}

/** The entries of libpq's connection service file (PostgreSQL manual, "The Connection Service File"): `psql service=NAME`. */
export default function pgService(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  readWriterOptions(options, {});
  return {
    name: "pg-service",
    describe: {
      summary: "libpq's connection services",
      clients: "psql service=NAME, psycopg, pgAdmin, JDBC",
      rereads: "connection",
      holdsSecrets: false,
    },
    defaultPath(environment, os) {
      const own = environment.PGSERVICEFILE;
      if (own !== undefined && own !== "") return own;
      return clientPath(environment, os, {
        linux: ".pg_service.conf",
        darwin: ".pg_service.conf",
        windows: "postgresql/.pg_service.conf",
      });
    },
    render(entries, oldText) {
      let lines = splitLines(oldText);
      for (const entry of entries) lines = put(lines, entry);
      return { newText: lines.join("") };
    },
    remove(names, oldText) {
      const lines = splitLines(oldText);
      const removed = ourSections(lines).filter(({ name }) =>
        names?.includes(name) ?? true
      );
      for (const { start, end } of removed.reverse()) {
        // The empty line that separated it goes with it.
        const isSeparated = isEmpty(lines[start - 1]) &&
          (end === lines.length || isEmpty(lines[end]));
        const from = isSeparated ? start - 1 : start;
        lines.splice(from, end - from);
      }
      return { newText: lines.join("") };
    },
    list: (oldText) =>
      ourSections(splitLines(oldText)).map(({ name }) => ({
        name,
        expiresAt: undefined,
      })),
  };
}

/** The lines, each with its line end. */
function splitLines(text: string): string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  for (const [index, line] of lines.entries()) {
    if (line.includes("\0")) {
      throw new UnreadableText(index + 1, "it holds a NUL byte");
    }
    if (byteLength(line) >= TOO_LONG) {
      throw new UnreadableText(
        index + 1,
        "longer than libpq reads in a service file",
      );
    }
  }
  return lines;
}

function ourSections(lines: readonly string[]): Section[] {
  return readSections(lines).filter(({ isOurs }) => isOurs);
}

function readSections(lines: readonly string[]): Section[] {
  const sections: Section[] = [];
  for (const [index, line] of lines.entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    const current = sections.at(-1);
    if (content.startsWith("[")) {
      const isOurs = lines[index - 1]?.trim() === MARKER;
      sections.push({
        // libpq compares up to the first bracket that follows the name it looks for.
        name: /^\[([^\]]*)/.exec(content)?.[1] ?? "",
        isOurs,
        start: isOurs ? index - 1 : index,
        header: index,
        end: index + 1,
      });
    } else if (current === undefined) {
      throw new UnreadableText(
        index + 1,
        "neither a comment nor a [section] of a service file",
      );
    } else {
      current.end = index + 1;
    }
  }
  return sections;
}

function put(lines: readonly string[], entry: WriterEntry): string[] {
  const { name } = entry;
  const settings = settingsOf(entry);
  check(name, settings);
  const end = lineEndOf(lines[0] ?? "");
  const ours = [
    ...((entry.connect?.port ?? entry.port) === entry.port
      ? []
      : [formatSignedPort(entry.port)]),
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
  ].map((line) => `${line}${end}`);
  const section = readSections(lines).find((section) => section.name === name);
  if (section === undefined) {
    const last = lines.at(-1);
    return [
      ...lines.slice(0, -1),
      ...(last === undefined ? [] : [closeLine(last, end)]),
      ...(last === undefined || isEmpty(last) ? [] : [end]),
      `${MARKER}${end}`,
      `[${name}]${end}`,
      ...ours,
    ];
  }
  if (!section.isOurs) {
    throw new RdsiamError(
      "usage",
      `Cannot write service "${name}": line ${
        section.header + 1
      } begins a section of this name that is not rdsiam's`,
      {
        hint:
          `Rename that section, or let rdsiam have it with a line "${MARKER}" above it`,
      },
    );
  }
  return [
    ...lines.slice(0, section.header),
    closeLine(lines[section.header] ?? "", end),
    ...ours,
    ...lines.slice(section.header + 1, section.end)
      .filter((line) =>
        !KEYS.has(line.trim().split("=")[0] ?? "") && !isSignedPort(line)
      ),
    ...lines.slice(section.end),
  ];
}

function settingsOf(entry: WriterEntry): Record<string, string> {
  requirePostgres(entry, "libpq");
  const { host, port, hostaddr } = namedLogin(entry);
  return {
    host,
    ...(hostaddr !== undefined && { hostaddr }),
    port: String(port),
    user: entry.username,
    dbname: entry.database,
    sslmode: entry.sslmode,
    sslrootcert: entry.sslrootcert,
    passfile: entry.passfile,
  };
}

/** libpq takes a value as it stands up to the end of its line, but for white space there: nothing can be quoted. */
function check(name: string, settings: Readonly<Record<string, string>>) {
  const fault = /[\]\r\n\0]/.test(name)
    ? "its name holds a bracket or a line break"
    : Object.entries(settings).map(([key, value]) =>
      /[\r\n\0]|\s$/.test(value)
        ? `its ${key} holds a line break, or ends with white space`
        : byteLength(`${key}=${value}\r\n`) >= TOO_LONG
        ? `its ${key} is longer than libpq reads`
        : undefined
    ).find((fault) => fault !== undefined);
  if (fault === undefined) return;
  throw new RdsiamError(
    "usage",
    `Cannot write service ${JSON.stringify(name)}: ${fault}`,
    {
      hint: "Give the target another name or setting in the configuration file",
    },
  );
}

function closeLine(line: string, end: string): string {
  return line.endsWith("\n") ? line : line + end;
}

function isEmpty(line: string | undefined): boolean {
  return line?.trim() === "";
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
