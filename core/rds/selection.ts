import type { EngineName } from "../engine/engine.ts";
import { RdsiamError } from "../errors.ts";
import type { DiscoveredEndpoint } from "./discovered.ts";

/** A tag that a database must have; without a value, any will do. */
export interface WantedTag {
  key: string;
  value: string | undefined;
}

/** Which of the discovered databases are meant. */
export interface Selection {
  engine: EngineName | undefined;
  tags: readonly WantedTag[];
  /** Whether it takes tokens. */
  iam: "on" | "off" | undefined;
}

/** Whether an endpoint's database is meant. */
export function isSelected(
  { database, owner }: DiscoveredEndpoint,
  { engine, tags, iam }: Selection,
): boolean {
  const own = { ...owner.tags, ...database.tags };
  return (engine === undefined || database.engine === engine) &&
    (iam === undefined || database.iam === iam) &&
    tags.every(({ key, value }) =>
      Object.hasOwn(own, key) && (value === undefined || own[key] === value)
    );
}

/**
 * Reads `KEY=VALUE`, or `KEY` for any value. Values may hold `=`.
 *
 * @throws {RdsiamError} `usage`, when there is no key
 */
export function parseTag(text: string): WantedTag {
  const [, key = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (key !== "") return { key, value };
  throw new RdsiamError("usage", "A --tag has no key", {
    hint: "Write it as --tag KEY=VALUE, or --tag KEY for any value",
  });
}

/** Whether a text has wildcards: `*` for any characters, `?` for one. */
export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** What matches a text with wildcards, from end to end. */
export function patternOf(text: string): RegExp {
  const source = text.replaceAll(
    /[\\^$.|+()[\]{}*?]/g,
    (special) =>
      special === "*" ? ".*" : special === "?" ? "." : `\\${special}`,
  );
  return new RegExp(`^${source}$`, "s");
}
