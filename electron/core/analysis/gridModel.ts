import { SWEEP_HOLDS } from '../profile.ts';
import type { CostCell } from './costCells.ts';
import type { PairTable } from './pairs.ts';
import {
  lineEnds,
  logLine,
  logTokens,
  readLine,
  segmentOf,
  type LinePoint,
  type LogLine,
} from './logLine.ts';
import { isOutside, markOutside, type CellAt, type FittedModel } from './model.ts';

/**
 * Interpolation of the measured cells on log-log axes. Of a grid: along n within each row of equal m, then along m
 * between rows, which is bilinear in ln m and ln n where the grid is full and fills a missing cell from its
 * neighbours along n where it is not. Of two sweeps: E(m, n) = E_in(m)·E_out(n)/B, with B the mean of both sweeps
 * where they cross. Beyond the ends the last segment is extended. Cells in doubt are left out.
 * @returns undefined when the cells are neither two rows with two cells each nor two sweeps of two lengths each
 */
export function fitGrid(cells: readonly CostCell[]): FittedModel | undefined {
  const leftOut = cells.filter(({ doubted }) => doubted);
  const parts = gridParts(cells);
  if (parts === undefined) return undefined;
  return parts.kind === 'rows' ? fitRows(parts, leftOut) : fitSweeps(parts.input, parts.output, leftOut);
}

/** How the cells of a grid model lie: in rows of equal m, or in two lines that cross. */
export type GridParts =
  | { readonly kind: 'rows'; readonly cells: readonly CostCell[]; readonly rows: readonly Row[] }
  | { readonly kind: 'sweeps'; readonly input: readonly CostCell[]; readonly output: readonly CostCell[] };

/** The lines of cells that a grid model interpolates; undefined when they do not suffice for one. */
export function gridParts(cells: readonly CostCell[]): GridParts | undefined {
  const used = cells.filter(({ doubted, value }) => !doubted && value > 0);
  const sweeps = (input: readonly CostCell[], output: readonly CostCell[]): GridParts | undefined =>
    new Set(input.map(({ m }) => m)).size < 2 || new Set(output.map(({ n }) => n)).size < 2
      ? undefined
      : { kind: 'sweeps', input, output };
  if (used.some(({ sweep }) => sweep !== undefined)) {
    return sweeps(
      used.filter(({ sweep }) => sweep === 'input'),
      used.filter(({ sweep }) => sweep === 'output'),
    );
  }
  const rows = rowsOf(used);
  return rows.length < 2
    ? sweeps(longest(used, 'n', 'm'), longest(used, 'm', 'n'))
    : { kind: 'rows', cells: used, rows };
}

/** The cells of the line with the most of them; of equals the one held nearest to 32. */
function longest(cells: readonly CostCell[], held: 'm' | 'n', varied: 'm' | 'n'): CostCell[] {
  const lines = new Map<number, CostCell[]>();
  for (const cell of cells) lines.set(cell[held], [...(lines.get(cell[held]) ?? []), cell]);
  const distance = (value: number): number => Math.abs(Math.log2(value / SWEEP_HOLDS));
  const lengths = (line: readonly CostCell[]): number => new Set(line.map((cell) => cell[varied])).size;
  const best = [...lines].sort(
    ([a, as], [b, bs]) => lengths(bs) - lengths(as) || distance(a) - distance(b) || a - b,
  )[0];
  return best?.[1] ?? [];
}

const pointsAlong = (cells: readonly CostCell[], axis: 'm' | 'n'): LinePoint[] =>
  cells.map((cell) => ({ length: cell[axis], value: cell.value, trials: cell.trials }));

/** Where a sweep held the other axis; the paper's sweeps at 32, although its prompts had 38 tokens. */
export function heldAt(cells: readonly CostCell[], axis: 'm' | 'n'): number {
  const held = cells[0]![axis];
  return Math.abs(Math.log2(held / SWEEP_HOLDS)) < 0.5 ? SWEEP_HOLDS : held;
}

function fitSweeps(
  input: readonly CostCell[],
  output: readonly CostCell[],
  leftOut: readonly CellAt[],
): FittedModel | undefined {
  const along = { m: pointsAlong(input, 'm'), n: pointsAlong(output, 'n') };
  const lines = { m: logLine(along.m), n: logLine(along.n) };
  if (lines.m === undefined || lines.n === undefined) return undefined;
  const { m: byM, n: byN } = lines as { m: LogLine; n: LogLine };
  const crossing = {
    m: Math.exp(readLine(byM, Math.log(heldAt(output, 'm')))),
    n: Math.exp(readLine(byN, Math.log(heldAt(input, 'n')))),
  };
  const base = (crossing.m + crossing.n) / 2;
  const range = { m: lineEnds(along.m), n: lineEnds(along.n) };
  return {
    name: 'grid',
    at: (m, n) => (Math.exp(readLine(byM, logTokens(m))) * Math.exp(readLine(byN, logTokens(n)))) / base,
    isExtrapolated: (m, n) => isOutside(range, m, n),
    markExtrapolated: (pairs, into) => markOutside(range, pairs, into),
    fill: (pairs, into) => {
      const atM = pairs.input.values.map((m) => Math.exp(readLine(byM, logTokens(m))));
      const atN = pairs.output.values.map((n) => Math.exp(readLine(byN, logTokens(n))));
      for (let i = 0; i < pairs.size; i++) {
        into[i] = (atM[pairs.input.of[i]!]! * atN[pairs.output.of[i]!]!) / base;
      }
    },
    range,
    filled: [],
    leftOut,
  };
}

/** A row of a grid: cells of the same m, of two lengths n at least. */
export interface Row {
  readonly m: number;
  readonly cells: readonly CostCell[];
  readonly line: LogLine;
  readonly ends: readonly [number, number];
}

function fitRows(
  { cells, rows }: Extract<GridParts, { kind: 'rows' }>,
  leftOut: readonly CellAt[],
): FittedModel {
  const x = Float64Array.from(rows, ({ m }) => Math.log(m));
  const between = (m: number): { row: number; share: number } => {
    const at = logTokens(m);
    const row = segmentOf(x, at);
    return { row, share: (at - x[row]!) / (x[row + 1]! - x[row]!) };
  };
  const range = {
    m: [rows[0]!.m, rows.at(-1)!.m],
    n: [Math.min(...rows.map(({ ends }) => ends[0])), Math.max(...rows.map(({ ends }) => ends[1]))],
  } as const;
  const beyondRow = ({ ends }: Row, n: number): boolean => n < ends[0] || n > ends[1];
  /** On a row exactly, the next row has no part in the value. */
  const isExtrapolated = (m: number, n: number): boolean => {
    if (m < range.m[0] || m > range.m[1]) return true;
    const { row, share } = between(m);
    return (share < 1 && beyondRow(rows[row]!, n)) || (share > 0 && beyondRow(rows[row + 1]!, n));
  };
  return {
    name: 'grid',
    at: (m, n) => {
      const { row, share } = between(m);
      const low = readLine(rows[row]!.line, logTokens(n));
      return Math.exp(low + (readLine(rows[row + 1]!.line, logTokens(n)) - low) * share);
    },
    isExtrapolated,
    markExtrapolated: (pairs, into) => {
      for (let i = 0; i < pairs.size; i++) if (isExtrapolated(pairs.m[i]!, pairs.n[i]!)) into[i] = 1;
    },
    fill: (pairs, into) => fillRows(rows, between, pairs, into),
    range,
    filled: missingCells(rows, cells),
    leftOut,
  };
}

function rowsOf(cells: readonly CostCell[]): Row[] {
  const byM = new Map<number, CostCell[]>();
  for (const cell of cells) byM.set(cell.m, [...(byM.get(cell.m) ?? []), cell]);
  return [...byM]
    .sort(([a], [b]) => a - b)
    .flatMap(([m, row]) => {
      const points = pointsAlong(row, 'n');
      const line = logLine(points);
      return line === undefined ? [] : [{ m, cells: row, line, ends: lineEnds(points) }];
    });
}

function fillRows(
  rows: readonly Row[],
  between: (m: number) => { row: number; share: number },
  pairs: PairTable,
  into: Float64Array,
): void {
  const logN = pairs.output.values.map(logTokens);
  const atN = rows.map(({ line }) => logN.map((n) => readLine(line, n)));
  let last = -1;
  let place = { row: 0, share: 0 };
  for (let i = 0; i < pairs.size; i++) {
    const group = pairs.input.of[i]!;
    if (group !== last) {
      place = between(pairs.input.values[group]!);
      last = group;
    }
    const low = atN[place.row]![pairs.output.of[i]!]!;
    into[i] = Math.exp(low + (atN[place.row + 1]![pairs.output.of[i]!]! - low) * place.share);
  }
}

/** The cells that would make the grid full: every row at every n that some row has. */
function missingCells(rows: readonly Row[], cells: readonly CostCell[]): CellAt[] {
  const measured = new Set(cells.map(({ m, n }) => `${m} ${n}`));
  const columns = [...new Set(cells.map(({ n }) => n))].sort((a, b) => a - b);
  return rows.flatMap(({ m }) => columns.filter((n) => !measured.has(`${m} ${n}`)).map((n) => ({ m, n })));
}
