import {
  futurePrivileges,
  presetPrivileges,
  PRESETS,
  publicCrud,
} from "../../core/access/preset.ts";
import {
  isPrivilege,
  type ObjectKind,
  parsePrivilege,
} from "../../core/access/privilege.ts";
import { parseSelection } from "../../core/access/selection.ts";
import type { PrivilegeSet, PrivilegeWish } from "../../core/access/wish.ts";
import { RdsiamError } from "../../core/errors.ts";
import { readChoice } from "../../core/text/choice.ts";
import type { PrivilegeOptions } from "./options.ts";

/**
 * The privileges that the options name; none, when they name none.
 *
 * @throws {RdsiamError} `usage`, when they do not fit together or a name in them is not known
 */
export function readPrivileges(options: PrivilegeOptions): PrivilegeWish[] {
  checkTogether(options);
  const { grantPublicCrud, preset, schema: schemas = ["public"] } = options;
  const wishes: PrivilegeWish[] = [];
  if (grantPublicCrud) wishes.push(...publicCrud());
  if (preset !== undefined) {
    const name = readChoice(preset, PRESETS, "Preset");
    wishes.push(...schemas.flatMap((schema) => presetPrivileges(name, schema)));
  }
  if (options.privileges !== undefined) {
    wishes.push(
      ...schemas.flatMap((schema) => explicitPrivileges(options, schema)),
    );
  }
  if (!options.defaultPrivileges) return wishes;
  const future = futurePrivileges(wishes, options.owner ?? []);
  if (future.length > 0) return [...wishes, ...future];
  throw new RdsiamError(
    "usage",
    "--default-privileges has no effect here: no option asks for all objects of a schema",
    { hint: "Ask for all of them with --preset, or --tables '*'" },
  );
}

function checkTogether(options: PrivilegeOptions) {
  const { privileges, preset, schema, defaultPrivileges, owner } = options;
  const objects = objectOptions(options);
  function refuse(what: string, hint: string): never {
    throw new RdsiamError("usage", what, { hint });
  }
  const [first] = objects;
  if (first !== undefined && privileges === undefined) {
    refuse(
      `--${first.kind}s needs --privileges`,
      "Say which, such as --privileges SELECT,INSERT",
    );
  }
  if (
    schema !== undefined && privileges === undefined && preset === undefined
  ) {
    refuse(
      "--schema needs --preset or --privileges",
      "Say what may be done there, such as --preset readonly",
    );
  }
  if (defaultPrivileges && owner === undefined) {
    refuse(
      "--default-privileges needs --owner",
      "Name the role that will create the objects: PostgreSQL keeps default privileges for each owner",
    );
  }
  if (owner !== undefined && !defaultPrivileges) {
    refuse("--owner needs --default-privileges", "Add --default-privileges");
  }
}

function objectOptions(options: PrivilegeOptions) {
  return (["table", "sequence", "function"] as const).flatMap((kind) => {
    const texts = options[`${kind}s`];
    return texts === undefined ? [] : [{ kind, texts }];
  });
}

function explicitPrivileges(
  options: PrivilegeOptions,
  schema: string,
): PrivilegeWish[] {
  const texts = (options.privileges ?? []).flatMap((list) => list.split(","));
  const objects = objectOptions(options);
  if (objects.length === 0) {
    const lacksObjects = texts.find((text) => isForObjects(text));
    if (lacksObjects !== undefined) {
      throw new RdsiamError(
        "usage",
        `--privileges ${lacksObjects} does not say on what`,
        {
          hint:
            "Add --tables, --sequences or --functions, such as --tables '*'",
        },
      );
    }
    const privileges = readPrivilegeSet("schema", texts);
    return [{ kind: "schema", schema, privileges }];
  }
  return objects.map(({ kind, texts: names }) => ({
    kind,
    schema,
    names: parseSelection(names),
    privileges: readPrivilegeSet(kind, texts),
  }));
}

/** Whether a text is a privilege that no schema has, but something in it. */
function isForObjects(text: string): boolean {
  const name = text.trim().toUpperCase();
  return !isPrivilege("schema", name) &&
    (["table", "sequence", "function"] as const).some((kind) =>
      isPrivilege(kind, name)
    );
}

function readPrivilegeSet(
  kind: ObjectKind,
  texts: readonly string[],
): PrivilegeSet {
  const isAll = texts.some((text) => /^\s*all(\s+privileges)?\s*$/i.test(text));
  return isAll ? "all" : texts.map((text) => parsePrivilege(kind, text));
}
