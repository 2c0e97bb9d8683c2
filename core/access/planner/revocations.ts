import { actsFor, type Authority } from "../authority.ts";
import type { AclEntry, Catalog, Securable } from "../catalog.ts";
import type { Draft } from "./draft.ts";
import { displayName } from "../identifier.ts";
import { onOf, Portions } from "./on.ts";
import type { Privilege } from "../privilege.ts";
import { type Wanted, wantedOf } from "./wanted.ts";
import type { PrivilegeWish } from "../wish.ts";

/** The key of what is there to take away from nobody. */
const NOTHING = "nothing";

/**
 * Whom to become to take a grant back, as a key. PostgreSQL takes back the grants of one grantor: the owner's, for
 * whoever acts for the owner (`select_best_grantor` of `acl.c`), and otherwise the current role's own.
 */
function grantorKey(
  entry: AclEntry,
  object: Securable,
  authority: Authority,
): string {
  const plain = entry.grantor === object.owner ||
    (entry.grantor === authority.role && !actsFor(authority, object.owner));
  return JSON.stringify(plain ? null : entry.grantor);
}

function tellWhatStays(
  wanted: Wanted,
  object: Securable,
  privileges: ReadonlySet<Privilege>,
  context: { readonly grantee: string; readonly draft: Draft },
) {
  const what = `${wanted.kind} ${displayName(object.name)}`;
  if (object.owner === context.grantee) {
    context.draft.notice(
      "owner-keeps",
      `${
        displayName(context.grantee)
      } keeps its privileges on ${what}: it is the owner`,
    );
  }
  const kept = object.acl.filter((entry) =>
    entry.grantee === null && privileges.has(entry.privilege)
  ).map((entry) => entry.privilege);
  if (kept.length > 0) {
    context.draft.notice(
      "public-keeps",
      `${displayName(context.grantee)} keeps ${
        [...new Set(kept)].join(", ")
      } on ${what} through PUBLIC`,
    );
  }
}

function divide(
  wanted: Wanted,
  grantee: string,
  authority: Authority,
  draft: Draft,
): Portions {
  const portions = new Portions();
  for (const [object, privileges] of wanted.objects) {
    tellWhatStays(wanted, object, privileges, { grantee, draft });
    const entries = object.acl.filter((entry) =>
      entry.grantee === grantee && privileges.has(entry.privilege) &&
      object.owner !== grantee
    );
    const byGrantor = Map.groupBy(
      entries,
      (entry) => grantorKey(entry, object, authority),
    );
    if (byGrantor.size === 0) portions.add(NOTHING, object, [...privileges]);
    for (const [key, group] of byGrantor) {
      const found = new Set(group.map((entry) => entry.privilege));
      portions.add(
        key,
        object,
        [...privileges].filter((privilege) => found.has(privilege)),
      );
    }
  }
  return portions;
}

/** Adds the taking away of the privileges that the grantee holds, whoever granted them. */
export function planRevocations(
  catalog: Catalog,
  wishes: readonly PrivilegeWish[],
  context: {
    readonly grantees: readonly string[];
    readonly authority: Authority;
    readonly draft: Draft;
  },
): void {
  const { grantees, authority, draft } = context;
  for (const wanted of wantedOf(catalog, wishes, draft)) {
    for (const grantee of grantees) {
      const portions = divide(wanted, grantee, authority, draft);
      for (const key of portions.keys()) {
        for (const portion of portions.of(key)) {
          for (const on of onOf(wanted, portion)) {
            draft.addUnless(key === NOTHING, {
              kind: "revoke-privileges",
              privileges: portion.privileges,
              on,
              grantee,
              as: key === NOTHING ? null : JSON.parse(key),
            });
          }
        }
      }
    }
  }
}
