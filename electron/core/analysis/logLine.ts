/**
 * Linear interpolation on log-log axes: a power law between neighbouring points, the last segment extended beyond
 * the ends.
 */
export interface LogLine {
  /** ln of the lengths, strictly ascending */
  readonly x: Float64Array;
  /** ln of the values */
  readonly y: Float64Array;
}

/** A point of a line: tokens (at least 1) and its value (above 0), with the weight of its trials. */
export interface LinePoint {
  readonly length: number;
  readonly value: number;
  readonly trials: number;
}

/**
 * A line through points; those of the same length are averaged over their trials first.
 * @returns undefined with fewer than two different lengths
 */
export function logLine(points: readonly LinePoint[]): LogLine | undefined {
  const sums = new Map<number, { value: number; trials: number }>();
  for (const { length, value, trials } of points) {
    const found = sums.get(length) ?? { value: 0, trials: 0 };
    sums.set(length, { value: found.value + value * trials, trials: found.trials + trials });
  }
  if (sums.size < 2) return undefined;
  const sorted = [...sums].sort(([a], [b]) => a - b);
  return {
    x: Float64Array.from(sorted, ([length]) => Math.log(length)),
    y: Float64Array.from(sorted, ([, { value, trials }]) => Math.log(value / trials)),
  };
}

/** The segment that x lies on: the first or the last beyond the ends. */
export function segmentOf(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** ln of the value at ln of a length. */
export function readLine({ x, y }: LogLine, at: number): number {
  const s = segmentOf(x, at);
  return y[s]! + ((y[s + 1]! - y[s]!) * (at - x[s]!)) / (x[s + 1]! - x[s]!);
}

/** ln of a number of tokens; 0 tokens are read as 1, because a logarithm has no 0. */
export function logTokens(tokens: number): number {
  return Math.log(Math.max(1, tokens));
}

/** The smallest and the largest length of a line, tokens. */
export function lineEnds(points: readonly LinePoint[]): readonly [number, number] {
  const lengths = points.map(({ length }) => length);
  return [Math.min(...lengths), Math.max(...lengths)];
}
