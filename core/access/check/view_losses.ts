import type { Catalog, SchemaObject, View } from "../catalog.ts";
import { inherited } from "../membership.ts";
import type { Privilege } from "../privilege.ts";
import type { Rights } from "../rights.ts";
import { type Comparison, type Found, ofSecurable } from "./loss.ts";

/** What a view passes on to the tables below it, with the rights of its owner. */
const VERBS: readonly Privilege[] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

type Tables = ReadonlyMap<string, SchemaObject>;

function keyOf({ schema, name }: { schema: string; name: string }): string {
  return JSON.stringify([schema, name]);
}

function tablesOf({ objects, further }: Catalog): Tables {
  return new Map(
    [...objects, ...further].filter(({ kind }) => kind === "table")
      .map((object) => [keyOf(object), object]),
  );
}

/** Whether the owner of the view may do this to all that is right below it. */
function works(
  view: View,
  owner: string,
  privilege: Privilege,
  { tables, rights }: { tables: Tables; rights: Rights },
): boolean {
  return view.below.every((below) => {
    const table = tables.get(keyOf(below));
    return table === undefined || rights.has(owner, table, privilege) ||
      // On each column that is read; on any, where none is.
      privilege === "SELECT" && below.columns.length > 0 &&
        below.columns.every((column) =>
          rights.has(owner, table, privilege, column)
        );
  });
}

function isSameSet(
  one: ReadonlySet<string>,
  other: ReadonlySet<string>,
): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}

/** Whether it may do this to the view, or to a column of it. */
function mayUse(
  role: string,
  view: SchemaObject,
  privilege: Privilege,
  rights: Rights,
): boolean {
  const columns = [null, ...view.columns.map(({ column }) => column)];
  return columns.some((column) => rights.has(role, view, privilege, column));
}

/**
 * What others lose through views: those whose owner may no longer do below them what they pass on, and those on tables with
 * row security whose owner is another now, or has other roles, so that policies choose other rows. Views on such views lose
 * the same.
 */
export function viewLosses(comparison: Comparison): readonly Found[] {
  const { before, after, had, has, roles, leavers } = comparison;
  if (before.views.length === 0) return [];
  const then = { tables: tablesOf(before), rights: had };
  const now = { tables: tablesOf(after), rights: has };
  /** The verbs that each view no longer passes on, or passes on to other rows. */
  const lost = new Map<string, Set<Privilege>>();
  /** Those among them that read with the rights of somebody else: that was asked for of nobody. */
  const readsAnew = new Set<string>();
  for (const view of before.views) {
    const was = then.tables.get(keyOf(view));
    const is = now.tables.get(keyOf(view));
    if (was === undefined || is === undefined) continue;
    const isHandedOver = was.owner !== is.owner;
    const choosesAnew = view.below.some(({ rowSecurity }) => rowSecurity) &&
      (isHandedOver || !isSameSet(
        had.reached(was.owner, inherited),
        has.reached(is.owner, inherited),
      ));
    const verbs = VERBS.filter((verb) => {
      const [did, does] = [
        works(view, was.owner, verb, then),
        works(view, is.owner, verb, now),
      ];
      // A new owner may also read what the old one could not.
      return did && !does || isHandedOver && !did && does ||
        did && choosesAnew && verb === "SELECT";
    });
    if (verbs.length === 0) continue;
    lost.set(keyOf(view), new Set(verbs));
    if (isHandedOver) readsAnew.add(keyOf(view));
  }
  // Views on views: until nothing more is found.
  const found = () => total(lost) + readsAnew.size;
  for (let size = -1; size !== found();) {
    size = found();
    for (const view of before.views) {
      const further = view.below.flatMap((below) => [
        ...lost.get(keyOf(below)) ?? [],
      ]);
      if (further.length === 0) continue;
      const verbs = lost.get(keyOf(view)) ?? [];
      lost.set(keyOf(view), new Set([...verbs, ...further]));
      if (view.below.some((below) => readsAnew.has(keyOf(below)))) {
        readsAnew.add(keyOf(view));
      }
    }
  }
  return before.views.flatMap((view) => {
    const was = then.tables.get(keyOf(view));
    const is = now.tables.get(keyOf(view));
    if (was === undefined || is === undefined) return [];
    // Who takes a view over reads with its own privileges from now on, which nobody takes from it.
    const newOwner = was.owner === is.owner ? undefined : is.owner;
    const readers = [...roles, ...readsAnew.has(keyOf(view)) ? leavers : []];
    return [...lost.get(keyOf(view)) ?? []].flatMap((privilege) =>
      readers.filter((role) =>
        role !== newOwner && mayUse(role, is, privilege, has)
      )
        .map((role): Found => ({
          role,
          kind: "view",
          privilege,
          grantOption: false,
          object: ofSecurable(is),
        }))
    );
  });
}

function total(lost: ReadonlyMap<string, ReadonlySet<unknown>>): number {
  return [...lost.values()].reduce((sum, { size }) => sum + size, 0);
}
