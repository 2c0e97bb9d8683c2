import { type Authority, mayGrant } from "../authority.ts";
import type { Catalog, Securable } from "../catalog.ts";
import type { Draft } from "./draft.ts";
import { displayName } from "../identifier.ts";
import { onOf, Portions } from "./on.ts";
import type { Privilege } from "../privilege.ts";
import { type Wanted, wantedOf } from "./wanted.ts";
import type { PrivilegeWish } from "../wish.ts";

/** Where a wished privilege stands. */
type Standing = "held" | "public" | "lacking";

const STANDINGS: readonly Standing[] = ["held", "public", "lacking"];

function standingOf(
  object: Securable,
  privilege: Privilege,
  grantee: string,
  authority: Authority,
): Standing {
  const holders = object.acl.filter((entry) => entry.privilege === privilege);
  if (holders.some((entry) => entry.grantee === grantee)) return "held";
  const publicCounts = object.kind === "database" ||
    object.kind === "function" || !mayGrant(authority, object, privilege);
  return publicCounts && holders.some((entry) => entry.grantee === null)
    ? "public"
    : "lacking";
}

/** RDS's own superuser owns what extensions bring; where it was not named, it is left out instead of failing. */
function isOutOfReach(
  wanted: Wanted,
  object: Securable,
  lacking: readonly Privilege[],
  authority: Authority,
): boolean {
  return "extension" in object && object.extension === true &&
    !wanted.named.has(object) &&
    lacking.some((privilege) => !mayGrant(authority, object, privilege));
}

function divide(
  wanted: Wanted,
  grantee: string,
  authority: Authority,
  draft: Draft,
): Portions {
  const portions = new Portions();
  for (const [object, privileges] of wanted.objects) {
    const standing = Map.groupBy(
      privileges,
      (privilege) => standingOf(object, privilege, grantee, authority),
    );
    const lacking = standing.get("lacking") ?? [];
    if (isOutOfReach(wanted, object, lacking, authority)) {
      draft.notice(
        "skipped-extension",
        `Left out ${wanted.kind} ${
          displayName(object.name)
        }: it belongs to an extension, and only its owner ${
          displayName(object.owner)
        } may grant on it`,
      );
      standing.delete("lacking");
    }
    for (const name of STANDINGS) {
      portions.add(name, object, standing.get(name) ?? []);
    }
  }
  return portions;
}

function sayEmpty(
  wanted: Wanted,
  wishes: readonly PrivilegeWish[],
  draft: Draft,
) {
  const { kind, schema, total } = wanted;
  if (kind !== "table" || schema === null || total > 0) return;
  const coversFuture = wishes.some((wish) =>
    wish.kind === "default" && wish.objects === "table" &&
    wish.schema === schema
  );
  if (coversFuture) return;
  draft.notice(
    "nothing-there",
    `Schema ${
      displayName(schema)
    } has no tables yet: default privileges (--default-privileges --owner) would cover those to come`,
  );
}

/** Adds the privileges that the grantee lacks. */
export function planPrivileges(
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
    sayEmpty(wanted, wishes, draft);
    for (const grantee of grantees) {
      const portions = divide(wanted, grantee, authority, draft);
      for (const standing of STANDINGS) {
        const through = standing === "public" ? "PUBLIC" : null;
        for (const portion of portions.of(standing)) {
          const { privileges } = portion;
          for (const on of onOf(wanted, portion)) {
            draft.addUnless(
              standing !== "lacking",
              { kind: "grant-privileges", privileges, on, grantee },
              through,
            );
          }
        }
      }
    }
  }
}
