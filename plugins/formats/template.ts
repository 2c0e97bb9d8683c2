import { escapePassfileField } from "../../core/passfile/line.ts";
import { quoteOptionValue } from "../../core/engine/mysql_option_file.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";
import { formatConnectionUrl } from "../../core/target/connection_url.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";
import { WriterOptionError } from "../contract/writer_options.ts";

/** A piece of a template. */
export type TemplateNode =
  | { kind: "text"; text: string }
  | { kind: "value"; line: number; value: (entry: WriterEntry) => string }
  | { kind: "each"; nodes: readonly TemplateNode[] };

/** What a placeholder can stand for. */
const FIELDS: Readonly<Record<string, (entry: WriterEntry) => string>> = {
  name: ({ name }) => name,
  engine: ({ engine }) => engine,
  host: ({ host }) => host,
  port: ({ port }) => String(port),
  dialHost: (entry) => dialledAddress(entry).host,
  dialPort: (entry) => String(dialledAddress(entry).port),
  username: ({ username }) => username,
  database: ({ database }) => database,
  sslmode: ({ sslmode }) => sslmode,
  sslrootcert: ({ sslrootcert }) => sslrootcert,
  passfile: ({ passfile }) => passfile,
  password: ({ password }) => password.reveal(),
  url: (entry) => formatConnectionUrl(entry, entry.password),
  expiresAt: ({ expiresAt }) =>
    expiresAt > 0 ? new Date(expiresAt).toISOString() : "",
};

/** What makes a value safe in a format; `json`, `shell` and `ini` write the quotes too. */
const FILTERS: Readonly<Record<string, (text: string) => string>> = {
  json: (text) => JSON.stringify(text),
  url: encodeURIComponent,
  shell: quoteForShell,
  pgpass: escapePassfileField,
  xml: escapeXml,
  ini: quoteOptionValue,
  base64: (text) => new TextEncoder().encode(text).toBase64(),
};

/**
 * Reads a template: `{{field}}`, `{{field|filter}}`, and `{{#each}}…{{/each}}` around what is repeated for every target.
 * A line that holds nothing but `{{#each}}` or `{{/each}}` leaves nothing; `{{"{{"}}` writes two braces.
 *
 * @throws {WriterOptionError} when a placeholder or filter is not known, naming the line and the nearest, or one is not ended
 */
export function parseTemplate(template: string): readonly TemplateNode[] {
  const top: TemplateNode[] = [];
  let nodes = top;
  let each: number | undefined;
  let end = 0;
  const addText = (text: string) => {
    if (text !== "") nodes.push({ kind: "text", text });
  };
  for (
    const match of template.matchAll(
      /(?<=^|\n)[ \t]*\{\{\s*([#/]each)\s*\}\}[ \t]*(?:\r?\n|$)|\{\{(.*?)\}\}/gs,
    )
  ) {
    addText(template.slice(end, match.index));
    end = match.index + match[0].length;
    const line = template.slice(0, match.index).split("\n").length;
    const tag = (match[1] ?? match[2] ?? "").trim();
    if (tag === "#each") {
      if (each !== undefined) {
        throw fault(line, "{{#each}} stands within another");
      }
      each = line;
      nodes = [];
    } else if (tag === "/each") {
      if (each === undefined) throw fault(line, "{{/each}} ends nothing");
      top.push({ kind: "each", nodes });
      nodes = top;
      each = undefined;
    } else if (tag === '"{{"') addText("{{");
    else if (tag.includes("{{")) throw unended(line);
    else nodes.push({ kind: "value", line, value: readPlaceholder(tag, line) });
  }
  if (each !== undefined) throw fault(each, "{{#each}} is not ended");
  const rest = template.slice(end);
  const open = rest.indexOf("{{");
  if (open >= 0) {
    throw unended(template.slice(0, end + open).split("\n").length);
  }
  addText(rest);
  return top;
}

function readPlaceholder(
  tag: string,
  line: number,
): (entry: WriterEntry) => string {
  const [name = "", ...filters] = tag.split("|").map((part) => part.trim());
  const field = lookUp(FIELDS, name, "Placeholder", line);
  const steps = filters.map((filter) =>
    lookUp(FILTERS, filter, "Filter", line)
  );
  return (entry) => steps.reduce((text, step) => step(text), field(entry));
}

function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  name: string,
  what: string,
  line: number,
): Value {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(table);
  throw fault(
    line,
    `${what} "${name}" is not known`,
    didYouMean(name, names) ?? `Known: ${names.join(", ")}`,
  );
}

function unended(line: number): WriterOptionError {
  return fault(
    line,
    "A placeholder is not ended",
    '{{"{{"}} writes two braces',
  );
}

function fault(line: number, why: string, hint?: string): WriterOptionError {
  return new WriterOptionError(`Line ${line} of the template: ${why}`, hint);
}

function escapeXml(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
