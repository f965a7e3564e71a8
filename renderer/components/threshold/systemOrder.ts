/** So many systems can be set beside one another in the window. */
export const MOST_COMPARED = 8;

/**
 * An order of systems with the pair of a study in it: others keep their places between, before and after; a system that was
 * of the pair before gives its place to its successor.
 * @param order ids of profiles
 * @param before the pair so far, where there was one
 */
export function withPair(
  order: readonly string[],
  small: string,
  large: string,
  before?: readonly [small: string, large: string],
): string[] {
  const [oldSmall, oldLarge] = before ?? [small, large];
  const renamed = order.map((id) => (id === oldSmall ? small : id === oldLarge ? large : id));
  const once = renamed.filter((id, i) => renamed.indexOf(id) === i);
  return [
    ...(once.includes(small) ? [] : [small]),
    ...once,
    ...(once.includes(large) || small === large ? [] : [large]),
  ];
}

/** The order with one of the systems a place further down (1) or up (−1). */
export function moved(order: readonly string[], index: number, by: 1 | -1): string[] {
  const next = [...order];
  const [id] = next.splice(index, 1);
  if (id !== undefined) next.splice(index + by, 0, id);
  return next;
}
