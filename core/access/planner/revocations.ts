import { type Authority, becomeFor } from "../authority.ts";
import type { AclEntry, Catalog, Securable } from "../catalog.ts";
import type { Draft } from "./draft.ts";
import { entriesOf } from "../objects_of.ts";
import type { Step } from "../plan.ts";
import { onOf, Portions } from "./on.ts";
import { type Wanted, wantedOf } from "./wanted.ts";
import type { PrivilegeWish } from "../wish.ts";

/** Whose grants a step takes back, and whom to become for it. */
type Grantor = Pick<
  Extract<Step, { kind: "revoke-privileges" }>,
  "grantor" | "as"
>;

/** Of what is there to take away from nobody. */
const NOTHING: Grantor = { grantor: null, as: null };

/** As a key. PostgreSQL takes back the grants of one grantor at a time. */
function grantorKey(
  { grantor, privilege }: AclEntry,
  object: Securable,
  authority: Authority,
): string {
  const key: Grantor = {
    grantor: grantor === object.owner ? null : grantor,
    as: becomeFor(authority, grantor, object, [privilege]),
  };
  return JSON.stringify(key);
}

function divide(
  wanted: Wanted,
  grantee: string,
  authority: Authority,
): Portions {
  const portions = new Portions();
  for (const [object, privileges] of wanted.objects) {
    // REVOKE on a table takes those on its columns as well.
    const entries = entriesOf(object).filter((entry) =>
      entry.grantee === grantee && privileges.has(entry.privilege) &&
      object.owner !== grantee
    );
    const byGrantor = Map.groupBy(
      entries,
      (entry) => grantorKey(entry, object, authority),
    );
    if (byGrantor.size === 0) {
      portions.add("", object, [...privileges]);
    }
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

/** What a revocation is planned with. */
export interface Revoking {
  readonly authority: Authority;
  readonly draft: Draft;
  /** All that something is taken from. */
  readonly subjects: ReadonlySet<string>;
  /**
   * What these have granted to each other: it is gone with what they granted it by, mostly, so its turn comes last.
   */
  readonly last: Step[];
}

/** Adds the taking away of these privileges from one grantee, whoever granted them. */
export function revokeWanted(
  wanted: Wanted,
  grantee: string,
  { authority, draft, subjects, last }: Revoking,
): void {
  const portions = divide(wanted, grantee, authority);
  for (const key of portions.keys()) {
    for (const portion of portions.of(key)) {
      for (const on of onOf(wanted, portion)) {
        const { grantor, as }: Grantor = key === "" ? NOTHING : JSON.parse(key);
        const step: Step = {
          kind: "revoke-privileges",
          privileges: portion.privileges,
          on,
          grantee,
          grantor,
          as,
          cascade: false,
        };
        if (grantor !== null && subjects.has(grantor)) last.push(step);
        else draft.addUnless(key === "", step);
      }
    }
  }
}

/** Adds the taking away of the wished privileges. */
export function planRevocations(
  catalog: Catalog,
  wishes: readonly PrivilegeWish[],
  { grantees, ...revoking }: Revoking & {
    readonly grantees: readonly string[];
  },
): void {
  for (const wanted of wantedOf(catalog, wishes, revoking.draft)) {
    for (const grantee of grantees) revokeWanted(wanted, grantee, revoking);
  }
}
