/** Puts items into a list, each in the place of the one of its name, new ones at the end. */
export function mergeNamed<Item>(
  old: readonly Item[],
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Item[] {
  const merged = new Map(old.map((item) => [nameOf(item), item]));
  for (const item of items) merged.set(nameOf(item), item);
  return [...merged.values()];
}
