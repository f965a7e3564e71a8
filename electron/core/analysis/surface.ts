import { saving, type CostForm } from '../policy.ts';
import { sum } from '../statistics.ts';
import type { CostTable } from './costTable.ts';
import type { LengthIndex } from './pairs.ts';
import { shares } from './rules.ts';
import { thresholdAt } from './thresholds.ts';

/** The most thresholds of a surface along each axis. */
export const SURFACE_SIDE = 1024;

/**
 * Energy and runtime of the workload for every pair of thresholds (T_in, T_out) between two systems, both of which
 * must hold for the lower one. Row-major: row r has inputThresholds[r], column c outputThresholds[c]. It does not
 * depend on λ.
 */
export interface ThresholdSurface {
  /** ascending; the first sends nothing to the lower system */
  readonly inputThresholds: Float64Array;
  readonly outputThresholds: Float64Array;
  readonly energyJ: Float64Array;
  readonly runtimeS: Float64Array;
  /** every threshold that changes the assignment is there; otherwise they are spread evenly by rank */
  readonly complete: boolean;
}

/** Which positions of an index are shown, and for each distinct value the first shown position at or above its own. */
function shownPositions(index: LengthIndex, most: number): { shown: number[]; cellOf: Uint32Array } {
  const last = index.values.length;
  const count = Math.min(most, last + 1);
  const shown = Array.from({ length: count }, (_, k) => Math.round((k * last) / Math.max(1, count - 1)));
  const cellOf = new Uint32Array(last);
  let cell = 0;
  for (let position = 1; position <= last; position++) {
    while (shown[cell]! < position) cell += 1;
    cellOf[position - 1] = cell;
  }
  return { shown, cellOf };
}

/**
 * The surface of both thresholds, by two-dimensional prefix sums: time in proportion to pairs plus points.
 * @param most thresholds along each axis, at least 2
 */
export function thresholdSurface(
  { pairs, systems }: CostTable,
  { most = SURFACE_SIDE, lower = 0, upper = systems.length - 1 } = {},
): ThresholdSurface {
  const rows = shownPositions(pairs.input, most);
  const columns = shownPositions(pairs.output, most);
  const width = columns.shown.length;
  const side = (of: 'energyJ' | 'runtimeS'): Float64Array => {
    const [a, b] = [systems[lower]![of], systems[upper]![of]];
    const each = new Float64Array(pairs.size);
    const surface = new Float64Array(rows.shown.length * width);
    for (let i = 0; i < pairs.size; i++) {
      each[i] = pairs.count[i]! * b[i]!;
      const cell = rows.cellOf[pairs.input.of[i]!]! * width + columns.cellOf[pairs.output.of[i]!]!;
      surface[cell]! += pairs.count[i]! * (a[i]! - b[i]!);
    }
    surface[0] = sum(each);
    for (let c = 1; c < width; c++) surface[c]! += surface[c - 1]!;
    for (let start = width; start < surface.length; start += width) {
      let row = 0;
      for (let c = 0; c < width; c++) {
        row += surface[start + c]!;
        surface[start + c] = row + surface[start - width + c]!;
      }
    }
    return surface;
  };
  const thresholds = (index: LengthIndex, shown: readonly number[]): Float64Array =>
    Float64Array.from(shown, (position) => thresholdAt(index, position));
  return {
    inputThresholds: thresholds(pairs.input, rows.shown),
    outputThresholds: thresholds(pairs.output, columns.shown),
    energyJ: side('energyJ'),
    runtimeS: side('runtimeS'),
    complete: rows.shown.length > pairs.input.values.length && width > pairs.output.values.length,
  };
}

/** The cost at every point of a surface. */
export function surfaceCost({ energyJ, runtimeS }: ThresholdSurface, form: CostForm): Float64Array {
  const [perJoule, perSecond] = shares(form);
  const cost = new Float64Array(energyJ.length);
  for (let i = 0; i < cost.length; i++) cost[i] = perJoule * energyJ[i]! + perSecond * runtimeS[i]!;
  return cost;
}

/** What every point of a surface saves of a cost, energy or runtime against `whole` (the best single system's). */
export function surfaceSaving(values: Float64Array, whole: number): Float64Array {
  return values.map((value) => saving(value, whole));
}
