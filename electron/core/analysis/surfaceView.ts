import { thresholdSurface, type ThresholdSurface } from './surface.ts';
import type { CostTable } from './costTable.ts';

/** Thresholds of the full surface, of which a view shows some. */
const FULL_SIDE = 1024;

/**
 * The surface of both thresholds as it is shown: fewer thresholds, evenly on a log axis, each with its exact totals. It
 * does not depend on λ.
 * @param most thresholds along each axis, at least 3
 */
export function surfaceView(
  table: CostTable,
  most: { readonly input: number; readonly output: number },
): ThresholdSurface {
  const full = thresholdSurface(table, { most: FULL_SIDE });
  const rows = logPicks(full.inputThresholds, most.input);
  const columns = logPicks(full.outputThresholds, most.output);
  const width = full.outputThresholds.length;
  const picked = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: rows.length * columns.length }, (_, i) => {
      const row = rows[Math.floor(i / columns.length)]!;
      return values[row * width + columns[i % columns.length]!]!;
    });
  return {
    inputThresholds: Float64Array.from(rows, (row) => full.inputThresholds[row]!),
    outputThresholds: Float64Array.from(columns, (column) => full.outputThresholds[column]!),
    energyJ: picked(full.energyJ),
    runtimeS: picked(full.runtimeS),
    complete: full.complete && rows.length === full.inputThresholds.length && columns.length === width,
  };
}

/** Positions of ascending values that lie evenly on a log axis, the first and the last among them. */
export function logPicks(values: ArrayLike<number>, most: number): number[] {
  const last = values.length - 1;
  if (values.length <= most) return Array.from({ length: values.length }, (_, i) => i);
  const low = Math.max(1, values[1]!);
  const high = Math.max(low, values[last]!);
  const picks = new Set([0, last]);
  let at = 1;
  for (let k = 0; k < most - 1; k++) {
    const target = low * (high / low) ** (k / Math.max(1, most - 2));
    while (at < last && values[at]! < target * (1 - 1e-12)) at += 1;
    picks.add(at);
  }
  return [...picks].sort((a, b) => a - b);
}

/** Where a threshold lies among those of a view, between two of them too: their positions, evenly on a log axis. */
export function viewPosition(thresholds: ArrayLike<number>, threshold: number): number {
  const last = thresholds.length - 1;
  if (threshold <= thresholds[0]!) return 0;
  if (threshold >= thresholds[last]!) return last;
  let upper = 1;
  while (thresholds[upper]! < threshold) upper += 1;
  const log = (value: number): number => Math.log(Math.max(0.5, value));
  const [from, to] = [log(thresholds[upper - 1]!), log(thresholds[upper]!)];
  return upper - 1 + (log(threshold) - from) / (to - from);
}
