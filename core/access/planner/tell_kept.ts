import type { Catalog, DefaultAcl, Securable } from "../catalog.ts";
import { displayName, quoteIdentifier } from "../identifier.ts";
import { nameObjects } from "../name_some.ts";
import { isSchemaObject } from "../objects_of.ts";
import { catalogAfter } from "../object_effect.ts";
import type { Notice } from "../plan.ts";
import type { Privilege } from "../privilege.ts";
import { Rights, type Source } from "../rights.ts";
import type { PrivilegeWish } from "../wish.ts";
import { Draft } from "./draft.ts";
import { type Wanted, wantedOf } from "./wanted.ts";

/** What a grantee keeps on some objects, and through what. */
interface Kept {
  readonly source: Source;
  /** As GRANT has them: `SELECT`, or `SELECT ("id")` on columns alone. */
  readonly privileges: readonly string[];
  readonly objects: Securable[];
}

function keptOf(
  wanted: Wanted,
  grantee: string,
  rights: Rights,
): readonly Kept[] {
  /** What the privilege comes through, as JSON: on the whole (null), or on columns that have more than that. */
  function sourcesOf(object: Securable, privilege: Privilege) {
    const through = (column: string | null) =>
      new Set(
        rights.sources(grantee, object, privilege, column)
          .map((source) => JSON.stringify(source)),
      );
    const whole = through(null);
    const columns = isSchemaObject(object)
      ? new Set(object.columns.map(({ column }) => column))
      : [];
    const onColumns = Map.groupBy(
      [...columns].flatMap((column) =>
        [...through(column).difference(whole)].map((source) => ({
          source,
          column,
        }))
      ),
      ({ source }) => source,
    );
    return [
      ...[...whole].map((source) => ({ source, text: String(privilege) })),
      ...[...onColumns].map(([source, found]) => {
        const names = found.map(({ column }) => displayName(column));
        return { source, text: `${privilege} (${names.join(", ")})` };
      }),
    ];
  }
  /** The privileges by what they come through. */
  function heldOn(object: Securable, privileges: Iterable<Privilege>) {
    if (object.owner === grantee) {
      const source: Source = { kind: "owner", role: grantee };
      return new Map([[JSON.stringify(source), [] as string[]]]);
    }
    const held = [...privileges].flatMap((each) => sourcesOf(object, each));
    return new Map(
      [...Map.groupBy(held, ({ source }) => source)].map((
        [source, found],
      ) => [source, found.map(({ text }) => text)]),
    );
  }
  const found = new Map<string, Kept>();
  for (const [object, privileges] of wanted.objects) {
    for (const [source, held] of heldOn(object, privileges)) {
      const key = JSON.stringify([source, held]);
      const entry: Kept = found.get(key) ??
        { source: JSON.parse(source), privileges: held, objects: [] };
      entry.objects.push(object);
      found.set(key, entry);
    }
  }
  return [...found.values()];
}

function noticeOf(
  grantee: string,
  { source, privileges, objects }: Kept,
): Notice {
  const who = displayName(grantee);
  const on = nameObjects(objects);
  const what = `${privileges.join(", ")} on ${on}`;
  if (source.kind === "public") {
    const message = `${who} keeps ${what} through PUBLIC`;
    return { kind: "public-keeps", message };
  }
  const through = displayName(source.role);
  if (source.kind === "role") {
    const message = `${who} keeps ${what} through role ${through}`;
    return { kind: "role-keeps", message };
  }
  return {
    kind: "owner-keeps",
    message: source.role === grantee
      ? `${who} keeps its privileges on ${on}: it is the owner`
      : `${who} keeps ${what} through role ${through}, the owner`,
  };
}

/** Rows for all schemas are not taken away for one: others may count on them. */
function tellDefaults(
  after: Catalog,
  wishes: readonly PrivilegeWish[],
  grantee: string,
  draft: Draft,
) {
  const rights = new Rights(after).rolesOf(grantee);
  const isMeant = (row: DefaultAcl) =>
    wishes.some((wish) =>
      wish.kind === "default" && wish.owner === row.owner &&
      wish.objects === row.objects &&
      (row.schema === null || row.schema === wish.schema)
    );
  for (
    const { owner, objects, schema, acl } of after.defaultAcls.filter(isMeant)
  ) {
    const held = acl.filter((entry) =>
      entry.grantee === null || rights.has(entry.grantee)
    );
    for (const [source, entries] of Map.groupBy(held, (each) => each.grantee)) {
      const privileges = entries.map(({ privilege }) => privilege).join(", ");
      const where = schema === null
        ? "in every schema"
        : `in schema ${displayName(schema)}`;
      const through = source === null
        ? " through PUBLIC"
        : source === grantee
        ? `: that is taken back for all schemas alone, by ALTER DEFAULT PRIVILEGES FOR ROLE ${
          quoteIdentifier(owner)
        } REVOKE ${privileges} ON ${objects.toUpperCase()}S FROM ${
          quoteIdentifier(grantee)
        }`
        : ` through role ${displayName(source)}`;
      draft.notice(
        "default-keeps",
        `${
          displayName(grantee)
        } goes on getting ${privileges} on future ${objects}s of ${
          displayName(owner)
        } ${where}${through}`,
      );
    }
  }
}

/** PUBLIC may execute new functions, unless the owner's default privileges for all schemas say otherwise. */
function tellPublicDefaults(
  after: Catalog,
  wishes: readonly PrivilegeWish[],
  grantee: string,
  draft: Draft,
) {
  for (const wish of wishes) {
    if (wish.kind !== "default" || wish.objects !== "function") continue;
    const { owner } = wish;
    const says = after.defaultAcls.some((row) =>
      row.owner === owner && row.objects === "function" && row.schema === null
    );
    if (says || grantee === owner) continue;
    draft.notice(
      "default-keeps",
      `${displayName(grantee)} goes on getting EXECUTE on future functions of ${
        displayName(owner)
      } through PUBLIC, which has it from the start`,
    );
  }
}

/** Tells what the grantees keep of what the wishes would take, once the steps so far are done. */
export function tellWhatIsKept(
  catalog: Catalog,
  wishes: readonly PrivilegeWish[],
  grantees: readonly string[],
  draft: Draft,
): void {
  const after = catalogAfter(catalog, draft.steps);
  const rights = new Rights(after);
  for (const grantee of grantees) {
    tellDefaults(after, wishes, grantee, draft);
    tellPublicDefaults(after, wishes, grantee, draft);
  }
  // What matches nothing has been reported.
  for (const wanted of wantedOf(after, wishes, new Draft())) {
    for (const grantee of grantees) {
      for (const kept of keptOf(wanted, grantee, rights)) {
        const { kind, message } = noticeOf(grantee, kept);
        draft.notice(kind, message);
      }
    }
  }
}
