import type { Catalog, DefaultAcl } from "../catalog.ts";
import type { Draft } from "./draft.ts";
import { requireRole, requireSchema } from "./missing.ts";
import type { Privilege } from "../privilege.ts";
import { expand } from "./wanted.ts";
import type { PrivilegeWish } from "../wish.ts";

type DefaultWish = Extract<PrivilegeWish, { kind: "default" }>;

function rowsFor(catalog: Catalog, wish: DefaultWish): readonly DefaultAcl[] {
  return catalog.defaultAcls.filter((row) =>
    row.owner === wish.owner && row.objects === wish.objects &&
    (row.schema === null || row.schema === wish.schema)
  );
}

function holds(
  rows: readonly DefaultAcl[],
  grantee: string | null,
  privilege: Privilege,
): boolean {
  return rows.some((row) =>
    row.acl.some((entry) =>
      entry.grantee === grantee && entry.privilege === privilege
    )
  );
}

/** PUBLIC may execute new functions unless the owner's default privileges for all schemas say otherwise. */
function publicHolds(rows: readonly DefaultAcl[], privilege: Privilege) {
  if (privilege !== "EXECUTE") return false;
  return holds(rows, null, privilege) ||
    !rows.some((row) => row.schema === null);
}

function merged(
  catalog: Catalog,
  wishes: readonly PrivilegeWish[],
): readonly { wish: DefaultWish; privileges: readonly Privilege[] }[] {
  const defaults = wishes.filter((wish) => wish.kind === "default");
  const groups = Map.groupBy(
    defaults,
    (wish) => JSON.stringify([wish.owner, wish.schema, wish.objects]),
  );
  return [...groups.values()].flatMap((group) => {
    const [wish] = group;
    if (wish === undefined) return [];
    const all = group.flatMap(({ privileges }) =>
      expand(catalog, wish.objects, privileges)
    );
    return [{ wish, privileges: expand(catalog, wish.objects, all) }];
  });
}

/**
 * Adds the default privileges that are missing, or with `revoke` takes away those that are there.
 *
 * @throws {RdsiamError} `usage`, when the owner or the schema does not exist.
 */
export function planDefaults(
  catalog: Catalog,
  wishes: readonly PrivilegeWish[],
  context: {
    readonly grantees: readonly string[];
    readonly revoke: boolean;
    readonly draft: Draft;
  },
): void {
  const { grantees, revoke, draft } = context;
  for (const { wish, privileges } of merged(catalog, wishes)) {
    const { owner, schema, objects } = wish;
    requireRole(catalog, owner, "Owner");
    requireSchema(catalog, schema);
    const rows = rowsFor(catalog, wish);
    // Rows for all schemas cannot be taken away in one.
    const revocable = rows.filter((row) => row.schema === schema);
    for (const grantee of grantees) {
      const split = Map.groupBy(privileges, (privilege) => {
        if (revoke) {
          return holds(revocable, grantee, privilege) ? "change" : "done";
        }
        if (grantee === owner) return "owner";
        if (holds(rows, grantee, privilege)) return "done";
        return publicHolds(rows, privilege) ? "public" : "change";
      });
      for (const [standing, portion] of split) {
        draft.addUnless(
          standing !== "change",
          {
            kind: revoke
              ? "revoke-default-privileges"
              : "grant-default-privileges",
            privileges: portion,
            owner,
            schema,
            objects,
            grantee,
          },
          standing === "public"
            ? "PUBLIC"
            : standing === "owner"
            ? owner
            : null,
        );
      }
    }
  }
}
