import { RdsiamError } from "../../errors.ts";
import type { Catalog, OwnedObject } from "../catalog.ts";
import { displayName, quoteIdentifier } from "../identifier.ts";
import type { Draft } from "./draft.ts";

function ownedBy(catalog: Catalog, user: string): readonly OwnedObject[] {
  return catalog.owned.filter(({ role }) => role === user);
}

/** This database counts as one of its own things. */
function isOutside(catalog: Catalog, { type, identity, shared }: OwnedObject) {
  const isThis = type === "database" &&
    [catalog.database.name, quoteIdentifier(catalog.database.name)]
      .includes(identity);
  return shared && !isThis;
}

/** What of a user's things is handed over, and what stays: without `dropRole`, what is outside of this database. */
export function divideOwned(catalog: Catalog, user: string, dropRole: boolean) {
  const owned = ownedBy(catalog, user);
  const stays = owned.filter((object) =>
    !dropRole && isOutside(catalog, object)
  );
  return { goes: owned.filter((object) => !stays.includes(object)), stays };
}

function countsOf(owned: readonly OwnedObject[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(owned, ({ type }) => type)]
      .map(([type, group]) => [type, group.length]),
  );
}

/**
 * Adds the handing over of what a user owns.
 *
 * @throws {RdsiamError} `failed`, when something cannot be handed over without what stays.
 */
export function planOwned(
  catalog: Catalog,
  user: string,
  { to, dropRole }: { to: string; dropRole: boolean },
  draft: Draft,
) {
  const { goes, stays } = divideOwned(catalog, user, dropRole);
  if (goes.length === 0) return;
  // REASSIGN OWNED would take what stays as well.
  const isAll = stays.length === 0;
  const extension = goes.find(({ type }) => type === "extension");
  if (!isAll && extension !== undefined) {
    const outside = stays.map(({ type, identity }) =>
      `${type} ${displayName(identity)}`
    );
    throw new RdsiamError(
      "failed",
      `Handing over what ${displayName(user)} owns failed: extension ${
        displayName(extension.identity)
      } goes by REASSIGN OWNED alone, which would take ${
        outside.join(", ")
      } as well`,
      { hint: `Give ${outside.join(", ")} another owner first` },
    );
  }
  draft.add({
    kind: "reassign-owned",
    role: user,
    to,
    counts: countsOf(goes),
    only: isAll ? null : goes.filter(({ follows }) => !follows),
  });
}

/** Tells what a user that is emptied out and not dropped goes on having. */
export function tellWhatStays(catalog: Catalog, user: string, draft: Draft) {
  const who = displayName(user);
  const groups = new Set(
    catalog.memberships.filter(({ member, inherit, set }) =>
      member === user && (inherit || set)
    ).map(({ role }) => role),
  );
  if (groups.size > 0) {
    draft.notice(
      "still-member",
      `${who} stays a member of ${
        [...groups].toSorted().map(displayName).join(", ")
      }, and keeps what that brings`,
    );
  }
  for (const { name, schema, table, roles } of catalog.policies) {
    if (!roles.includes(user)) continue;
    draft.notice(
      "policy-keeps",
      `Policy ${displayName(name)} on table ${displayName(table)} in schema ${
        displayName(schema)
      } names ${who}, and stays: it is no privilege`,
    );
  }
  for (const object of ownedBy(catalog, user)) {
    if (!isOutside(catalog, object)) continue;
    draft.notice(
      "outside-keeps",
      `${who} goes on owning ${object.type} ${
        displayName(object.identity)
      }, which is outside of this database`,
    );
  }
  for (const { kind, name, owner, acl } of catalog.shared) {
    const held = acl.filter(({ grantee }) => grantee === user)
      .map(({ privilege }) => privilege);
    if (owner === user || held.length === 0) continue;
    draft.notice(
      "outside-keeps",
      `${who} keeps ${[...new Set(held)].join(", ")} on ${kind} ${
        displayName(name)
      }, which is outside of this database`,
    );
  }
}
