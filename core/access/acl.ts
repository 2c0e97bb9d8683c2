import type { AclEntry } from "./catalog.ts";
import type { Privilege } from "./privilege.ts";

/** A revocation as PostgreSQL does it: what one grantor gave one grantee. */
export interface Revocation {
  /** Null is PUBLIC. */
  readonly grantee: string | null;
  readonly privileges: readonly Privilege[];
  readonly grantor: string;
}

/** Whether the role may pass the privilege on. The owner always may. */
function passesOn(
  acl: readonly AclEntry[],
  owner: string,
  role: string,
  privilege: Privilege,
): boolean {
  return role === owner ||
    acl.some((entry) =>
      entry.grantee === role && entry.privilege === privilege && entry.grantable
    );
}

/**
 * The entries of an object that are left after a revocation with CASCADE: what a grantee has passed on goes as well, unless
 * it may still pass it on through another grantor (`recursive_revoke` of `acl.c`).
 */
export function revokeEntries<Entry extends AclEntry>(
  acl: readonly Entry[],
  owner: string,
  { grantee, privileges, grantor }: Revocation,
): readonly Entry[] {
  const isMeant = (entry: Entry) =>
    entry.grantee === grantee && privileges.includes(entry.privilege) &&
    entry.grantor === grantor;
  let left = acl.filter((entry) => !isMeant(entry));
  if (left.length === acl.length) return acl;
  // Grantors whose option may be gone; more are found on the way.
  const pending = acl.filter((entry) => isMeant(entry) && entry.grantable);
  for (const lost of pending) {
    const { grantee: giver, privilege } = lost;
    if (giver === null || passesOn(left, owner, giver, privilege)) continue;
    const isPassedOn = (entry: Entry) =>
      entry.grantor === giver && entry.privilege === privilege;
    pending.push(
      ...left.filter((entry) => isPassedOn(entry) && entry.grantable),
    );
    left = left.filter((entry) => !isPassedOn(entry));
  }
  return left;
}

/** The entries once the owner is another: it takes over what the old one granted and held (`aclnewowner` of `acl.c`). */
export function ownedBy<Entry extends AclEntry>(
  acl: readonly Entry[],
  from: string,
  to: string,
): readonly Entry[] {
  const renamed = (role: string) => role === from ? to : role;
  return acl.map((entry) => ({
    ...entry,
    grantee: entry.grantee === null ? null : renamed(entry.grantee),
    grantor: renamed(entry.grantor),
  }));
}
