import { parse, TomlError } from "smol-toml";
import { RdsiamError } from "../errors.ts";
import { checkShape, ConfigFault } from "./check.ts";
import type { ConfigFile } from "./config.ts";
import { CONFIG_SHAPE } from "./definition.ts";
import { readConfig } from "./read.ts";
import type { ConfigPlace } from "./config_place.ts";

/**
 * Reads the text of a configuration file.
 *
 * @throws {RdsiamError} `usage`, naming the file and the line, when it is no TOML, a key is not known or a value does not
 * fit
 */
export async function parseConfig(
  text: string,
  place: ConfigPlace,
): Promise<ConfigFile> {
  const document = parseToml(text, place);
  try {
    return readConfig(checkShape(document, CONFIG_SHAPE), place);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    const { lineOf } = await import("./outline.ts");
    throw configError(
      place,
      lineOf(text, error.path),
      error.message,
      error.hint,
    );
  }
}

function parseToml(text: string, place: ConfigPlace): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // Its further lines show the file's own, which may hold a secret after all.
    // deno-lint-ignore rdsiam/no-prose -- smol-toml's own
    const [first = ""] = cause.message.split("\n");
    throw configError(
      place,
      cause.line,
      first.replace(/^Invalid TOML document: /, "not valid TOML: "),
      "Write it as TOML: https://toml.io",
    );
  }
}

/** An error in a configuration file, at a line where it is known. */
export function configError(
  { file }: ConfigPlace,
  line: number | undefined,
  why: string,
  hint: string | undefined,
): RdsiamError {
  const where = line === undefined ? "" : `, line ${line}`;
  return new RdsiamError(
    "usage",
    `Configuration file "${file}"${where}: ${why}`,
    hint === undefined ? {} : { hint },
  );
}
