import type { RailEnergy } from '../meter.ts';
import { railNames, type Cell, type Profile, type Rail } from '../profile.ts';
import { pool, type Mean } from './pool.ts';
import { energyOf, type Query } from './query.ts';
import { sum } from '../statistics.ts';
import { keepTrialValues, MOST_TRIALS_OF_CELL, type TrialValue } from '../trialValues.ts';

/** What came may differ from what was asked for by this share, and still be a trial of what was asked for. */
const LIKE_ASKED = 0.2;
/** A cross of two sweeps has an arm of at least so many cells on each side. */
const LEAST_ARM = 3;
/** A grid may miss so many of its cells. */
const MISSING_OF_GRID = 0.2;

/**
 * The cell that a query belongs to: its whole tokens. Where a source tells what was asked for and what came, and they
 * are within a fifth, the trials stay together in the cell that was asked for, as the lab's own profiles have it, and
 * what came stands in `tokensMean`; a query that stopped earlier is of the cell of what came.
 */
export function cellOf({ m, n, source }: Query): { m: number; n: number } {
  const { askedN } = source;
  const near =
    askedN !== undefined &&
    Number.isFinite(askedN) &&
    askedN >= 1 &&
    Math.abs(n - askedN) <= LIKE_ASKED * askedN;
  return { m: Math.max(1, Math.round(m)), n: Math.max(1, Math.round(near ? askedN : n)) };
}

/**
 * The means of each cell over its queries, pooled where a row is itself a mean, in the order of m, then n.
 * @param rails that every query has
 * @param aboveIdle rails of which every query tells the idle energy
 * @returns the cells, with each trial's own values where a row is one trial; and the number of cells without them
 *   because there are too many
 */
export function cellsOf(
  queries: readonly Query[],
  rails: readonly Rail[],
  aboveIdle: readonly Rail[],
): { readonly cells: Cell[]; readonly valuesLeftOut: number } {
  const groups = new Map<string, { m: number; n: number; own: Query[] }>();
  for (const query of queries) {
    const { m, n } = cellOf(query);
    const key = `${m} ${n}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { m, n, own: [query] });
    else group.own.push(query);
  }
  const sorted = [...groups.values()].sort((a, b) => a.m - b.m || a.n - b.n);
  const { cells, leftOut } = keepTrialValues(
    sorted.map(({ m, n, own }) => cell(m, n, own, rails, aboveIdle)),
  );
  const tooMany = sorted.filter(({ own }) => own.length > MOST_TRIALS_OF_CELL && eachIsOne(own)).length;
  return { cells, valuesLeftOut: leftOut + tooMany };
}

function cell(
  m: number,
  n: number,
  own: readonly Query[],
  rails: readonly Rail[],
  aboveIdle: readonly Rail[],
): Cell {
  const mean = (value: (query: Query) => number): number => weightedMean(own, value);
  const energyJ: RailEnergy = {};
  for (const rail of rails) energyJ[rail] = mean((query) => query.energyJ[rail]!);
  const total = energyOf(energyJ, rails)!;
  const energy = pool(
    own.map((query): Mean => ({
      mean: energyOf(query.energyJ, rails)!,
      trials: query.trials,
      sd: query.sdEnergyJ,
    })),
  );
  const runtime = pool(
    own.map((query): Mean => ({ mean: query.runtimeS, trials: query.trials, sd: query.sdRuntimeS })),
  );
  const tokens = mean((query) => query.m + query.n);
  const negative = rails.filter((rail) => energyJ[rail]! < 0);
  return {
    m,
    n,
    trials: energy.trials,
    ...(Math.abs(tokens - m - n) < 1e-9 ? {} : { tokensMean: tokens }),
    energyJ: { total, ...energyJ },
    ...(energy.sd === undefined ? {} : { sdEnergyJ: energy.sd }),
    ...aboveIdleOf(own, rails, aboveIdle),
    runtimeS: runtime.mean,
    ...(runtime.sd === undefined ? {} : { sdRuntimeS: runtime.sd }),
    ...trialValuesOf(own, rails, aboveIdle),
    ...(negative.length === 0
      ? {}
      : { doubt: `Less than nothing is left of ${railNames(negative)} without the idle energy.` }),
  };
}

const eachIsOne = (own: readonly Query[]): boolean => own.every(({ trials }) => trials === 1);

/** Each trial's own values, where every row is one trial; of one alone, and of more than are kept, nothing is made. */
function trialValuesOf(
  own: readonly Query[],
  rails: readonly Rail[],
  aboveIdle: readonly Rail[],
): Pick<Cell, 'trialValues'> {
  if (own.length < 2 || own.length > MOST_TRIALS_OF_CELL || !eachIsOne(own)) return {};
  const energies = (of: readonly Rail[], value: (rail: Rail) => number): RailEnergy =>
    Object.fromEntries(of.map((rail) => [rail, value(rail)]));
  return {
    trialValues: own.map((query): TrialValue => ({
      energyJ: energies(rails, (rail) => query.energyJ[rail]!),
      ...(aboveIdle.length === 0
        ? {}
        : { aboveIdleJ: energies(aboveIdle, (rail) => query.energyJ[rail]! - query.idleJ![rail]!) }),
      runtimeS: query.runtimeS,
    })),
  };
}

/** Mean over all trials of a cell, of which there may be very many: nothing is made for each. */
function weightedMean(own: readonly Query[], value: (query: Query) => number): number {
  const trials = own.reduce((total, query) => total + query.trials, 0);
  return sum(products(own, value)) / trials;
}

function* products(own: readonly Query[], value: (query: Query) => number): Generator<number> {
  for (const query of own) yield value(query) * query.trials;
}

function aboveIdleOf(
  own: readonly Query[],
  rails: readonly Rail[],
  aboveIdle: readonly Rail[],
): Pick<Cell, 'aboveIdleJ' | 'sdAboveIdleJ'> {
  if (aboveIdle.length === 0) return {};
  const above = (query: Query, rail: Rail): number => query.energyJ[rail]! - query.idleJ![rail]!;
  const aboveIdleJ: RailEnergy = {};
  for (const rail of aboveIdle) {
    aboveIdleJ[rail] = weightedMean(own, (query) => above(query, rail));
  }
  if (aboveIdle.length < rails.length) return { aboveIdleJ };
  const totals = own.map((query): Mean => ({
    mean: aboveIdle.reduce((sum, rail) => sum + above(query, rail), 0),
    trials: query.trials,
    // The spread of a mean above idle is not that of the gross energy.
    sd: undefined,
  }));
  const { sd } = pool(totals);
  return {
    aboveIdleJ: { total: energyOf(aboveIdleJ, aboveIdle)!, ...aboveIdleJ },
    ...(sd === undefined ? {} : { sdAboveIdleJ: sd }),
  };
}

/** How the cells lie: a full grid but for a few, a cross of two sweeps, or anything else. */
export function designOf(cells: readonly Pick<Cell, 'm' | 'n'>[]): Profile['design'] {
  const inputs = new Set(cells.map(({ m }) => m)).size;
  const outputs = new Set(cells.map(({ n }) => n)).size;
  if (inputs >= 2 && outputs >= 2 && cells.length >= (1 - MISSING_OF_GRID) * inputs * outputs) return 'grid';
  return crossOf(cells) === undefined ? 'cells' : 'sweeps';
}

/** The lengths that two sweeps hold: each cell has the one as m or the other as n; undefined when there are none. */
export function crossOf(cells: readonly Pick<Cell, 'm' | 'n'>[]): { m: number; n: number } | undefined {
  const m = mostFrequent(cells.map((each) => each.m));
  const n = mostFrequent(cells.map((each) => each.n));
  if (m === undefined || n === undefined) return undefined;
  const output = cells.filter((each) => each.m === m).length;
  const input = cells.filter((each) => each.n === n).length;
  const all = cells.every((each) => each.m === m || each.n === n);
  return all && output >= LEAST_ARM && input >= LEAST_ARM ? { m, n } : undefined;
}

/** Cells with the sweep that each is of; the cell where two sweeps cross belongs to both. */
export function withSweeps(cells: readonly Cell[]): Cell[] | undefined {
  const cross = crossOf(cells);
  if (cross === undefined) return undefined;
  const arm = (sweep: 'input' | 'output', own: (cell: Cell) => boolean): Cell[] =>
    cells.filter(own).map(({ m, n, ...rest }) => ({ m, n, sweep, ...rest }));
  return [...arm('input', ({ n }) => n === cross.n), ...arm('output', ({ m }) => m === cross.m)];
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
}
