import type { AclEntry, Catalog, DefaultAcl } from "../catalog.ts";
import type { Step } from "../plan.ts";
import { type DefaultKind, privilegesOf } from "../privilege.ts";

type Entry = Pick<AclEntry, "grantee" | "privilege">;

/** What new objects of an owner come with where nobody has said otherwise (`acldefault` of `acl.c`). */
function builtIn(
  objects: DefaultKind,
  owner: string,
  serverVersion: number,
): readonly Entry[] {
  const open = objects === "function"
    ? ["EXECUTE" as const]
    : objects === "type"
    ? ["USAGE" as const]
    : [];
  return [
    ...privilegesOf(objects, serverVersion).map((privilege) => ({
      grantee: owner,
      privilege,
    })),
    ...open.map((privilege) => ({ grantee: null, privilege })),
  ];
}

type DefaultStep = Extract<
  Step,
  { kind: "grant-default-privileges" | "revoke-default-privileges" }
>;

function stepsFor(
  kind: DefaultStep["kind"],
  { owner, schema, objects }: DefaultAcl,
  entries: readonly Entry[],
): readonly DefaultStep[] {
  return [...Map.groupBy(entries, (each) => each.grantee)]
    .map(([grantee, group]) => {
      const privileges = [...new Set(group.map(({ privilege }) => privilege))];
      return { kind, privileges, owner, schema, objects, grantee };
    });
}

function missingFrom(list: readonly Entry[]): (entry: Entry) => boolean {
  return ({ grantee, privilege }) =>
    !list.some((other) =>
      other.grantee === grantee && other.privilege === privilege
    );
}

/** What ends the default privileges that a user has set up for what it creates: back to the built-in ones. */
export function endOwnDefaults(
  catalog: Catalog,
  user: string,
): readonly DefaultStep[] {
  const own = catalog.defaultAcls.filter(({ owner }) => owner === user);
  return own.flatMap((row) => {
    const { objects, schema, acl } = row;
    // A row for one schema adds to the others, and goes when it is empty.
    const wanted = schema === null
      ? builtIn(objects, user, catalog.serverVersion)
      : [];
    const excess = acl.filter(missingFrom(wanted));
    const lacking = wanted.filter(missingFrom(acl));
    return [
      ...stepsFor("revoke-default-privileges", row, excess),
      ...stepsFor("grant-default-privileges", row, lacking),
    ];
  });
}

/** What ends that a user gets privileges on things that others will create. */
export function endReceivedDefaults(
  catalog: Catalog,
  user: string,
): readonly DefaultStep[] {
  const others = catalog.defaultAcls.filter(({ owner }) => owner !== user);
  return others.flatMap((row) =>
    stepsFor(
      "revoke-default-privileges",
      row,
      row.acl.filter(({ grantee }) => grantee === user),
    )
  );
}
