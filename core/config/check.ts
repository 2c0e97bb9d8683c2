import { didYouMean } from "../text/nearest.ts";
import type { Shape, TableShape, ValueOf } from "./shape.ts";

/** Where a value stands: `["targets", "orders", "port"]`; a number is the place in an array of tables. */
export type KeyPath = readonly (string | number)[];

/** What is wrong with a value of a configuration file. */
export class ConfigFault extends Error {
  override readonly name = "ConfigFault";
  /** Where it stands. */
  readonly path: KeyPath;
  /** What to do. */
  readonly hint: string | undefined;

  /** The message goes on after `line 12:`; it repeats no value. */
  constructor(path: KeyPath, message: string, hint?: string) {
    super(message);
    this.path = path;
    this.hint = hint;
  }
}

/** Keys that would hold a secret, in any capitals, with `_`, `-` or nothing between their words. */
const SECRET =
  /^(pg_?|aws_?|db_?)?(pass(word|wd|phrase)?|pwd|secret|(session_?|auth_?)?token|(secret_?)?access_?key(_?id)?|credentials?)$/i;

/**
 * Checks a value against a shape.
 *
 * @throws {ConfigFault} at the first value that does not fit
 */
export function checkShape<S extends Shape>(
  value: unknown,
  shape: S,
): ValueOf<S> {
  check(value, shape, []);
  return value as ValueOf<S>;
}

function check(value: unknown, shape: Shape, path: KeyPath): void {
  switch (shape.kind) {
    case "text":
      return checkText(value, shape.choices, path);
    case "integer": {
      const { minimum, maximum } = shape;
      return demand(
        typeof value === "number" && Number.isInteger(value) &&
          value >= minimum && value <= maximum,
        path,
        `a whole number from ${minimum} to ${maximum}, without quotes`,
      );
    }
    case "texts":
      return demand(
        Array.isArray(value) &&
          value.every((item) => typeof item === "string" && item !== ""),
        path,
        'a list of texts, such as ["orders", "billing"]',
      );
    case "table":
      return checkTable(readTable(value, path), shape, path);
    case "named":
      for (const [name, item] of Object.entries(readTable(value, path))) {
        checkName(name, shape.what, shape.pattern, path);
        check(item, shape.each, [...path, name]);
      }
      return;
    case "tables":
      demand(
        Array.isArray(value),
        path,
        `an array of tables: [[${path.at(-1)}]]`,
      );
      for (const [index, item] of (value as unknown[]).entries()) {
        check(item, shape.each, [...path, index]);
      }
      return;
    case "options":
      for (const [name, item] of Object.entries(readTable(value, path))) {
        refuseSecret(name, path);
        demand(
          ["string", "number", "boolean"].includes(typeof item),
          [...path, name],
          "a text, a number, true or false",
        );
      }
  }
}

function checkText(
  value: unknown,
  choices: readonly string[] | undefined,
  path: KeyPath,
) {
  if (choices === undefined) {
    return demand(
      typeof value === "string" && value !== "",
      path,
      "a text in quotes",
    );
  }
  const wanted = choices.map((choice) => `"${choice}"`).join(" or ");
  demand(choices.some((choice) => choice === value), path, wanted);
}

function checkTable(
  table: Readonly<Record<string, unknown>>,
  { keys }: TableShape,
  path: KeyPath,
) {
  for (const [key, item] of Object.entries(table)) {
    const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (shape !== undefined) {
      check(item, shape, [...path, key]);
      continue;
    }
    refuseSecret(key, path);
    const known = Object.keys(keys);
    throw new ConfigFault(
      [...path, key],
      `key ${JSON.stringify(key)} is not known`,
      didYouMean(key, known) ?? `Known: ${known.join(", ")}`,
    );
  }
  for (const [key, shape] of Object.entries(keys)) {
    if (!("required" in shape) || Object.hasOwn(table, key)) continue;
    throw new ConfigFault(
      path,
      `key "${key}" is missing`,
      `Add ${key} = "…"`,
    );
  }
}

function checkName(
  name: string,
  what: string,
  pattern: string,
  path: KeyPath,
) {
  if (new RegExp(pattern).test(name)) return;
  throw new ConfigFault(
    [...path, name],
    `${what} name ${JSON.stringify(name)} cannot be used`,
    "Use letters, digits and _, and after the first of them . @ - too",
  );
}

function refuseSecret(key: string, path: KeyPath) {
  if (!SECRET.test(key.replaceAll("-", "_"))) return;
  throw new ConfigFault(
    [...path, key],
    `key ${
      JSON.stringify(key)
    } would hold a secret, and no configuration file may`,
    "Remove it: rdsiam signs tokens with your AWS credentials, and takes an administrator's password from PGPASSWORD, the passfile or a prompt",
  );
}

function readTable(
  value: unknown,
  path: KeyPath,
): Readonly<Record<string, unknown>> {
  const isTable = typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === null; // dates and arrays have one
  demand(isTable, path, "a table");
  return value as Readonly<Record<string, unknown>>;
}

function demand(isRight: boolean, path: KeyPath, wanted: string): void {
  if (isRight) return;
  const key = path.findLast((part) => typeof part === "string") ?? "";
  throw new ConfigFault(
    path,
    `key ${JSON.stringify(key)} must be ${wanted}`,
  );
}
