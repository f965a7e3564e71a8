/** Values up to this are sorted by comparison: the buckets would cost more than they save. */
const FEW = 256;

/**
 * The stable ascending order of whole numbers: a radix sort, in time proportional to the values.
 * @param values whole, 0 to 2^53
 * @param start the order to begin with, by default 0, 1, 2, …; equal values stay in it
 * @returns positions in `values`
 */
export function sortOrder(values: ArrayLike<number>, start?: Uint32Array): Uint32Array {
  const length = values.length;
  let order = start ? Uint32Array.from(start) : Uint32Array.from({ length }, (_, i) => i);
  if (length <= FEW) {
    const place = new Uint32Array(length);
    order.forEach((value, i) => (place[value] = i));
    return order.sort((a, b) => values[a]! - values[b]! || place[a]! - place[b]!);
  }
  let largest = 0;
  for (let i = 0; i < length; i++) if (values[i]! > largest) largest = values[i]!;
  const bits = length < 1 << 17 ? 11 : 16;
  const buckets = 2 ** bits;
  let other = new Uint32Array(length);
  const starts = new Uint32Array(buckets + 1);
  const digits = new Uint32Array(length);
  for (let scale = 1; scale <= largest; scale *= buckets) {
    starts.fill(0);
    for (let i = 0; i < length; i++) {
      const digit = Math.floor(values[i]! / scale) % buckets;
      digits[i] = digit;
      starts[digit + 1]! += 1;
    }
    for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!;
    for (const i of order) other[starts[digits[i]!]!++] = i;
    [order, other] = [other, order];
  }
  return order;
}
