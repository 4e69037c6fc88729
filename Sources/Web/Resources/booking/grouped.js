/**
 * What `Map.groupBy` does in newer browsers than ours must be.
 * @template Item, Key
 * @param {Item[]} items @param {(item: Item) => Key} keyOf @returns {Map<Key, Item[]>}
 */
export function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
