import { stringify } from "smol-toml";
import { RdsiamError } from "../errors.ts";
import type { TargetField } from "../target/fields.ts";
import type { KeyPath } from "./check.ts";
import type { ConfigFile, ConfiguredTarget } from "./config.ts";
import { TARGET_KEYS } from "./definition.ts";
import { isBelow, lineOf, outline, type OutlineEntry } from "./outline.ts";
import { configError, parseConfig } from "./parse.ts";
import type { ConfigPlace } from "./config_place.ts";

/** A target to be put into a configuration file; the paths in it absolute. */
export type NewTarget = Omit<ConfiguredTarget, "file">;

/**
 * The text of a configuration file with more targets, at its end. All that is there stays byte for byte.
 *
 * @throws {RdsiamError} `usage`, when the file cannot be understood or edited, or has a target of such a name
 */
export async function addTargets(
  text: string,
  targets: readonly NewTarget[],
  place: ConfigPlace,
): Promise<string> {
  if (targets.length === 0) return text;
  const { mark, body } = withoutMark(text);
  const old = await parseConfig(body, place);
  const taken = new Set(old.targets.map(({ name }) => name));
  for (const { name } of targets) {
    if (!taken.has(name)) {
      taken.add(name);
      continue;
    }
    throw configError(
      place,
      lineOf(body, ["targets", name]),
      `target "${name}" exists already`,
      `Change it there, or take it out with rdsiam targets remove ${name}`,
    );
  }
  refuseKeysOutside(outline(body), ["targets"], place);
  const newline = body.includes("\r\n") ? "\r\n" : "\n";
  const end = body === "" || body.endsWith("\n") ? "" : newline;
  const gap = body === "" ? "" : newline;
  const tables = targets.map((target) => [target.name, tableOf(target)]);
  const table = stringify({ targets: Object.fromEntries(tables) })
    .trim().replaceAll("\n", newline);
  const edited = `${body}${end}${gap}${table}${newline}`;
  const added = targets.map((target) => ({ ...target, file: place.file }));
  await verify(edited, { ...old, targets: [...old.targets, ...added] }, place);
  return mark + edited;
}

/**
 * The text of a configuration file without some targets: their tables go, from the header to the last key, and one of two
 * blank lines that would meet. All else stays byte for byte.
 *
 * @throws {RdsiamError} `usage`, when the file cannot be understood or edited, or has no target of such a name
 */
export async function removeTargets(
  text: string,
  names: readonly string[],
  place: ConfigPlace,
): Promise<string> {
  const { mark, body } = withoutMark(text);
  const old = await parseConfig(body, place);
  const known = new Set(old.targets.map(({ name }) => name));
  const missing = names.find((name) => !known.has(name));
  if (missing !== undefined) {
    throw configError(
      place,
      undefined,
      `target "${missing}" is not there`,
      "rdsiam targets lists the configured ones, and their files",
    );
  }
  const entries = outline(body);
  const gone = new Set(names);
  for (const name of gone) {
    refuseKeysOutside(entries, ["targets", name], place);
  }
  const tables = entries.filter(({ kind, path: [base, name] }) =>
    kind === "table" && base === "targets" && gone.has(`${name}`)
  );
  const edited = tables.reduceRight(
    (rest, { range: [start, end] }) => withoutLines(rest, start, end),
    body,
  );
  const targets = old.targets.filter(({ name }) => !gone.has(name));
  await verify(edited, { ...old, targets }, place);
  return mark + edited;
}

/** The byte order mark that some editors put before the text, and the text. */
function withoutMark(text: string): { mark: string; body: string } {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  return { mark, body: text.slice(mark.length) };
}

function tableOf({ fields, admin }: NewTarget) {
  const table: Record<string, string | number | object> = {};
  for (const [field, key] of Object.entries(TARGET_KEYS)) {
    const value = fields[field as TargetField];
    if (value === undefined) continue;
    table[key] = key === "port" ? Number(value) : value;
  }
  return admin === undefined ? table : { ...table, admin };
}

/** Refuses what is written in other tables than its own: as dotted keys or in inline tables. */
function refuseKeysOutside(
  entries: readonly OutlineEntry[],
  base: KeyPath,
  place: ConfigPlace,
) {
  let table: KeyPath = [];
  for (const { kind, path, line } of entries) {
    if (kind === "table") table = path;
    else if (isBelow(path, base) && !isBelow(table, base)) {
      throw configError(
        place,
        line,
        `${base.join(".")} is written in a way that rdsiam does not edit`,
        `Write it as [${base.join(".")}${
          base.length > 1 ? "" : ".NAME"
        }], or edit it by hand`,
      );
    }
  }
}

function withoutLines(text: string, start: number, end: number): string {
  const next = text.indexOf("\n", end);
  const before = text.slice(0, text.lastIndexOf("\n", start - 1) + 1);
  const after = next === -1 ? "" : text.slice(next + 1);
  if (before === "") return after.replace(/^[ \t]*\r?\n/, "");
  const hasBlankAfter = after === "" || /^[ \t]*\r?\n/.test(after);
  return hasBlankAfter
    ? before.replace(/(?<=\n)[ \t]*\r?\n$/, "") + after
    : before + after;
}

/** Makes sure that an edited text says what it shall, and nothing else. */
async function verify(text: string, wanted: ConfigFile, place: ConfigPlace) {
  function normal({ targets, ...rest }: ConfigFile): string {
    const byName = targets.map((target) => [
      target.name,
      Object.entries(target.fields).sort(),
      Object.entries(target.admin ?? {}).sort(),
    ]).sort();
    return JSON.stringify([rest, byName]);
  }
  if (normal(await parseConfig(text, place)) === normal(wanted)) return;
  throw new RdsiamError(
    "failed",
    `Configuration file "${place.file}" cannot be edited: other settings would change`,
    { hint: "Edit it by hand" },
  );
}
