import { TARGET_NAME } from "../../core/config/definition.ts";
import { ENGINE_NAMES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import { parseTag, type Selection } from "../../core/rds/selection.ts";
import { readChoice } from "../../core/text/choice.ts";
import type { DiscoverOptions } from "./discover_options.ts";

/**
 * Refuses options that do not go together or are not valid, and reads which databases they mean.
 *
 * @throws {RdsiamError} `usage`
 */
export function readSelection(options: DiscoverOptions): Selection {
  const { accounts, roleName, roleArn, save, all, prune, yes } = options;
  if ((accounts === undefined) !== (roleName === undefined)) {
    throw usage(
      accounts === undefined
        ? "--role-name needs --accounts"
        : "--accounts needs --role-name",
      "Write --accounts ID,ID --role-name NAME, or --accounts organization --role-name NAME",
    );
  }
  if (accounts !== undefined && roleArn !== undefined) {
    throw usage(
      "--accounts and --role-arn exclude each other",
      "Name a --profile whose identity may assume the role in each account",
    );
  }
  if (all && !save) throw usage("--all needs --save");
  if (yes && !prune) throw usage("--yes needs --prune");
  checkTemplate(options.nameTemplate);
  const { engine, iam } = options;
  return {
    engine: engine === undefined
      ? undefined
      : readChoice(engine, ENGINE_NAMES, "Engine"),
    iam: iam === undefined
      ? undefined
      : readChoice(iam, ["on", "off"] as const, "--iam"),
    tags: (options.tag ?? []).map(parseTag),
  };
}

function checkTemplate(template: string | undefined) {
  if (template === undefined) return;
  const hint =
    "Write it of {name}, {region} and {account}, such as {account}-{region}-{name}";
  const parts = ["{name}", "{region}", "{account}"];
  const rest = parts.reduce(
    (text, part) => text.replaceAll(part, "x"),
    template,
  );
  if (/[{}]/.test(rest) || !new RegExp(TARGET_NAME).test(rest)) {
    throw usage("The --name-template cannot be used", hint);
  }
  if (!template.includes("{name}")) {
    throw usage("The --name-template has no {name}", hint);
  }
}

function usage(message: string, hint?: string): RdsiamError {
  return new RdsiamError("usage", message, hint === undefined ? {} : { hint });
}
