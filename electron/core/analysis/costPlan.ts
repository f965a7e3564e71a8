import { sweepPoint } from '../energyModel.ts';
import type { Axis } from '../profile.ts';
import { leastSquares } from '../statistics.ts';
import { joulesPerToken, seconds } from '../units.ts';
import type { CostCell } from './costCells.ts';
import type { CostQuantity } from './fitModel.ts';
import { gridParts, heldAt } from './gridModel.ts';
import { logTokens, segmentOf } from './logLine.ts';
import type { JointModelName } from './model.ts';
import { NonNegativeFit } from './nonNegativeFit.ts';
import type { PairTable } from './pairs.ts';

/** Points of a line, each the weighted mean of some cells: those of point p are starts[p] … starts[p+1] − 1. */
export interface LinePlan {
  /** tokens, ascending */
  readonly lengths: Float64Array;
  readonly starts: Uint32Array;
  readonly cells: Uint32Array;
  readonly weights: Float64Array;
}

/**
 * How a model follows from the values of its cells, so that it can be had for other values of the same cells without
 * being fitted anew from scratch. Plain data: it may go to another thread.
 */
export type CostPlan =
  | {
      readonly kind: 'sweeps';
      readonly input: LinePlan;
      readonly output: LinePlan;
      /** tokens at which each sweep is read where they cross: of the input sweep, of the output sweep */
      readonly crossing: readonly [number, number];
    }
  | { readonly kind: 'rows'; readonly m: Float64Array; readonly rows: readonly LinePlan[] }
  /** coefficients of m, n, mn: three rows of weights on the cells */
  | { readonly kind: 'linear'; readonly hat: Float64Array }
  | {
      readonly kind: 'physical';
      readonly cells: Uint32Array;
      readonly trials: Float64Array;
      readonly m: Float64Array;
      readonly n: Float64Array;
    }
  /** the paper's: a query costs what the sweep point that stands for it says */
  | { readonly kind: 'paper'; readonly line: LinePlan; readonly perToken: boolean };

/** The plan of a joint model of some cells; undefined when they do not suffice for it. */
export function costPlan(model: JointModelName, cells: readonly CostCell[]): CostPlan | undefined {
  switch (model) {
    case 'grid':
      return gridPlan(cells);
    case 'linear':
      return linearPlan(cells);
    case 'physical': {
      const used = cells.flatMap(({ doubted, value }, i) => (!doubted && value > 0 ? [i] : []));
      const column = (of: (cell: CostCell) => number): Float64Array =>
        Float64Array.from(used, (i) => of(cells[i]!));
      return {
        kind: 'physical',
        cells: Uint32Array.from(used),
        trials: column(({ trials }) => trials),
        m: column(({ m }) => m),
        n: column(({ n }) => n),
      };
    }
  }
}

function gridPlan(cells: readonly CostCell[]): CostPlan | undefined {
  const parts = gridParts(cells);
  if (parts === undefined) return undefined;
  const positions = new Map(cells.map((cell, i) => [cell, i]));
  const line = (of: readonly CostCell[], axis: 'm' | 'n'): LinePlan =>
    linePlan(of.map((cell) => ({ length: cell[axis], cell: positions.get(cell)!, weight: cell.trials })));
  if (parts.kind === 'rows') {
    return {
      kind: 'rows',
      m: Float64Array.from(parts.rows, ({ m }) => m),
      rows: parts.rows.map((row) => line(row.cells, 'n')),
    };
  }
  return {
    kind: 'sweeps',
    input: line(parts.input, 'm'),
    output: line(parts.output, 'n'),
    crossing: [heldAt(parts.output, 'm'), heldAt(parts.input, 'n')],
  };
}

/** The coefficients are sums over the cells: those of a fit to 1 J of one cell and 0 of the others. */
function linearPlan(cells: readonly CostCell[]): CostPlan | undefined {
  const rows = cells.map(({ m, n }) => [m, n, m * n]);
  const trials = cells.map((cell) => cell.trials);
  const hat = new Float64Array(3 * cells.length);
  for (let cell = 0; cell < cells.length; cell++) {
    const fit = leastSquares(
      rows,
      rows.map((_, i) => (i === cell ? 1 : 0)),
      trials,
    );
    if (fit === undefined) return undefined;
    fit.coefficients.forEach((coefficient, j) => (hat[j * cells.length + cell] = coefficient));
  }
  return { kind: 'linear', hat };
}

/**
 * The plan of the paper's model along one axis.
 * @param cells of the whole profile, in its order
 * @param along positions of those along the axis
 */
export function paperPlan(
  cells: readonly CostCell[],
  along: readonly number[],
  axis: Axis,
  quantity: CostQuantity,
): CostPlan {
  const perToken = quantity === 'energy';
  return {
    kind: 'paper',
    perToken,
    line: linePlan(
      along.map((cell) => ({
        length: axis === 'input' ? cells[cell]!.m : cells[cell]!.n,
        cell,
        weight: cells[cell]!.trials,
        divisor: perToken ? cells[cell]!.tokens : 1,
      })),
    ),
  };
}

function linePlan(
  parts: readonly {
    readonly length: number;
    readonly cell: number;
    readonly weight: number;
    readonly divisor?: number;
  }[],
): LinePlan {
  const lengths = [...new Set(parts.map(({ length }) => length))].sort((a, b) => a - b);
  const starts = [0];
  const cells: number[] = [];
  const weights: number[] = [];
  for (const length of lengths) {
    const of = parts.filter((part) => part.length === length);
    const total = of.reduce((sum, { weight }) => sum + weight, 0);
    for (const { cell, weight, divisor = 1 } of of) {
      cells.push(cell);
      weights.push(weight / (total * divisor));
    }
    starts.push(cells.length);
  }
  return {
    lengths: Float64Array.from(lengths),
    starts: Uint32Array.from(starts),
    cells: Uint32Array.from(cells),
    weights: Float64Array.from(weights),
  };
}

/** Writes the cost of one query of each pair, given the values of the cells. */
export type CostFill = (values: Float64Array, into: Float64Array) => void;

/** Everything about a plan and the pairs that does not depend on the cells' values is worked out once. */
export function costFill(plan: CostPlan, pairs: Pick<PairTable, 'size' | 'input' | 'output'>): CostFill {
  switch (plan.kind) {
    case 'sweeps':
      return sweepsFill(plan, pairs);
    case 'rows':
      return rowsFill(plan, pairs);
    case 'linear': {
      const coefficients = new Float64Array(3);
      return (values, into) => {
        const cells = values.length;
        for (let j = 0; j < 3; j++) {
          let total = 0;
          for (let i = 0; i < cells; i++) total += plan.hat[j * cells + i]! * values[i]!;
          coefficients[j] = total;
        }
        const [a, b, c] = coefficients as unknown as [number, number, number];
        fillPolynomial(pairs, 0, a, b, c, 0, into);
      };
    }
    case 'physical': {
      const fit = new NonNegativeFit(plan.trials, plan.m, plan.n);
      return (values, into) => {
        fit.fit(values, plan.cells);
        const [c0, c1, c2, c3, c4] = fit.coefficients as unknown as [number, number, number, number, number];
        fillPolynomial(pairs, c0, c1, c2, c3, c4, into);
      };
    }
    case 'paper':
      return paperFill(plan, pairs);
  }
}

type Pairs = Parameters<typeof costFill>[1];

/** c0 + c1 m + c2 n + c3 mn + c4 m². */
function fillPolynomial(
  { size, input, output }: Pairs,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  c4: number,
  into: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const m = input.values[input.of[i]!]!;
    const n = output.values[output.of[i]!]!;
    into[i] = c0 + c1 * m + c2 * n + c3 * m * n + c4 * m * m;
  }
}

/** The means of a line's points. */
function readPoints({ starts, cells, weights }: LinePlan, values: Float64Array, into: Float64Array): void {
  for (let p = 0; p < into.length; p++) {
    let total = 0;
    for (let i = starts[p]!; i < starts[p + 1]!; i++) total += weights[i]! * values[cells[i]!]!;
    into[p] = total;
  }
}

/** A line on log-log axes, read at lengths that stay the same. */
class LineReader {
  private readonly y: Float64Array;
  private readonly segment: Uint32Array;
  private readonly share: Float64Array;

  constructor(
    private readonly line: LinePlan,
    at: ArrayLike<number>,
  ) {
    const x = line.lengths.map(Math.log);
    this.y = new Float64Array(x.length);
    this.segment = new Uint32Array(at.length);
    this.share = new Float64Array(at.length);
    for (let k = 0; k < at.length; k++) {
      const log = logTokens(at[k]!);
      const s = segmentOf(x, log);
      this.segment[k] = s;
      this.share[k] = (log - x[s]!) / (x[s + 1]! - x[s]!);
    }
  }

  /** ln of the values of the line at each length. */
  read(values: Float64Array, into: Float64Array): void {
    const { y, segment, share } = this;
    readPoints(this.line, values, y);
    for (let p = 0; p < y.length; p++) y[p] = Math.log(y[p]!);
    for (let k = 0; k < into.length; k++) {
      const s = segment[k]!;
      into[k] = y[s]! + (y[s + 1]! - y[s]!) * share[k]!;
    }
  }
}

function sweepsFill(
  { input: inputLine, output: outputLine, crossing }: Extract<CostPlan, { kind: 'sweeps' }>,
  { size, input, output }: Pairs,
): CostFill {
  // The last length of each is where the sweeps cross.
  const alongM = new LineReader(inputLine, [...input.values, crossing[0]]);
  const alongN = new LineReader(outputLine, [...output.values, crossing[1]]);
  const atM = new Float64Array(input.values.length + 1);
  const atN = new Float64Array(output.values.length + 1);
  return (values, into) => {
    alongM.read(values, atM);
    alongN.read(values, atN);
    for (let k = 0; k < atM.length; k++) atM[k] = Math.exp(atM[k]!);
    for (let k = 0; k < atN.length; k++) atN[k] = Math.exp(atN[k]!);
    const perBase = 2 / (atM[atM.length - 1]! + atN[atN.length - 1]!);
    for (let k = 0; k < atM.length; k++) atM[k]! *= perBase;
    for (let i = 0; i < size; i++) into[i] = atM[input.of[i]!]! * atN[output.of[i]!]!;
  };
}

function rowsFill(
  { m, rows }: Extract<CostPlan, { kind: 'rows' }>,
  { size, input, output }: Pairs,
): CostFill {
  const x = m.map(Math.log);
  const readers = rows.map((row) => new LineReader(row, output.values));
  const atN = rows.map(() => new Float64Array(output.values.length));
  const row = new Uint32Array(input.values.length);
  const share = new Float64Array(input.values.length);
  for (let k = 0; k < row.length; k++) {
    const log = logTokens(input.values[k]!);
    row[k] = segmentOf(x, log);
    share[k] = (log - x[row[k]!]!) / (x[row[k]! + 1]! - x[row[k]!]!);
  }
  return (values, into) => {
    for (let r = 0; r < readers.length; r++) readers[r]!.read(values, atN[r]!);
    let i = 0;
    // Pairs ascend with m, so that those of one m lie between the same rows.
    while (i < size) {
      const group = input.of[i]!;
      const low = atN[row[group]!]!;
      const high = atN[row[group]! + 1]!;
      const part = share[group]!;
      for (; i < size && input.of[i] === group; i++) {
        const n = output.of[i]!;
        into[i] = Math.exp(low[n]! + (high[n]! - low[n]!) * part);
      }
    }
  };
}

function paperFill(
  { line, perToken }: Extract<CostPlan, { kind: 'paper' }>,
  { size, input }: Pairs,
): CostFill {
  const points = Array.from(line.lengths, (length, at) => ({
    length,
    at,
    jPerToken: joulesPerToken(0),
    runtimeS: seconds(0),
    trials: 0,
  }));
  const curve = { axis: 'input', points } as const;
  const pointOf = Uint32Array.from(input.values, (length) =>
    points.indexOf(sweepPoint(curve, length) as never),
  );
  const means = new Float64Array(points.length);
  return (values, into) => {
    readPoints(line, values, means);
    for (let i = 0; i < size; i++) {
      const k = input.of[i]!;
      into[i] = perToken ? input.values[k]! * means[pointOf[k]!]! : means[pointOf[k]!]!;
    }
  };
}
