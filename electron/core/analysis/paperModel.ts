import { sweepPoint, type AxisCurve, type CurvePoint } from '../energyModel.ts';
import { SWEEP_HOLDS, type Axis } from '../profile.ts';
import { joulesPerToken, seconds } from '../units.ts';
import type { CostCell } from './costCells.ts';
import type { PairTable } from './pairs.ts';
import { markOutside, type FittedModel } from './model.ts';

/**
 * The paper's model along one axis as a cost of (m, n): the energy is the tokens along the axis times the energy per
 * token of the sweep point that stands for them; the runtime is that of the sweep point's query. The other axis
 * plays no part.
 * @returns undefined when no cell lies along the axis
 */
export function fitPaper(
  cells: readonly CostCell[],
  axis: Axis,
  quantity: 'energy' | 'runtime',
): FittedModel | undefined {
  const points = axisPoints(cells, axis);
  if (points.length === 0) return undefined;
  const curve: AxisCurve = { axis, points };
  const ends = [points[0]!.length, points.at(-1)!.length] as const;
  const cost = (length: number): number => {
    const point = sweepPoint(curve, length);
    return quantity === 'energy' ? length * point.jPerToken : point.runtimeS;
  };
  const range =
    axis === 'input'
      ? { m: ends, n: [0, Number.MAX_SAFE_INTEGER] as const }
      : { m: [0, Number.MAX_SAFE_INTEGER] as const, n: ends };
  return {
    name: axis === 'input' ? 'paper-input' : 'paper-output',
    at: (m, n) => cost(axis === 'input' ? m : n),
    isExtrapolated: (m, n) => {
      const length = axis === 'input' ? m : n;
      return length < ends[0] || length > ends[1];
    },
    markExtrapolated: (pairs, into) => markOutside(range, pairs, into),
    fill: (pairs: PairTable, into) => {
      const index = axis === 'input' ? pairs.input : pairs.output;
      const costs = index.values.map(cost);
      for (let i = 0; i < pairs.size; i++) into[i] = costs[index.of[i]!]!;
    },
    range,
    filled: [],
    leftOut: [],
  };
}

/** The curve's points: per token for an energy, per query for a runtime; each field holds the cells' own quantity. */
function axisPoints(cells: readonly CostCell[], axis: Axis): CurvePoint[] {
  const along = (cell: CostCell): number => (axis === 'input' ? cell.m : cell.n);
  const across = (cell: CostCell): number => (axis === 'input' ? cell.n : cell.m);
  let line = cells.filter(({ sweep }) => sweep === axis);
  if (cells.every(({ sweep }) => sweep === undefined)) {
    const counts = new Map<number, number>();
    for (const cell of cells) counts.set(across(cell), (counts.get(across(cell)) ?? 0) + 1);
    const distance = (value: number): number => Math.abs(Math.log2(value / SWEEP_HOLDS));
    const held = [...counts]
      .filter(([, count]) => count > 1)
      .map(([value]) => value)
      .sort((a, b) => distance(a) - distance(b))[0];
    line = cells.filter((cell) => across(cell) === held);
  }
  return line
    .toSorted((a, b) => along(a) - along(b))
    .map((cell) => ({
      length: along(cell),
      jPerToken: joulesPerToken(cell.value / cell.tokens),
      runtimeS: seconds(cell.value),
      trials: cell.trials,
    }));
}
