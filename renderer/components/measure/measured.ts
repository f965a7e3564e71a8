import type { ActiveRun } from '#core/activeRun';
import type { Plan, PlanCell } from '#core/sweep';
import { formatNumber } from '#core/format';
import { totalOf } from '#core/meter';
import { meanAndSd, meanHalfWidth95 } from '#core/statistics';
import { countTrials, trialFate, type Trial } from '#core/trial';

/** A mean over trials with half its 95% interval, where two trials or more are there. */
export interface Mean {
  readonly mean: number;
  readonly half?: number;
}

/** The mean of values; undefined without any. */
export function meanOf(values: readonly number[]): Mean | undefined {
  if (values.length === 0) return undefined;
  const { mean, sd } = meanAndSd(values);
  const half = meanHalfWidth95(sd, values.length);
  return half === undefined ? { mean } : { mean, half };
}

/** Energy per token of a trial, J; undefined where no rail was measured. */
export function joulesPerTokenOf(trial: Trial): number | undefined {
  const energy = totalOf(trial.energyJ);
  return energy === undefined ? undefined : energy / (trial.m + trial.n);
}

const present = <T>(values: readonly (T | undefined)[]): T[] =>
  values.filter((value): value is T => value !== undefined);

/** What was measured of a cell so far. */
export interface MeasuredCell {
  readonly cell: PlanCell;
  readonly trials: readonly Trial[];
  readonly valid: number;
  /** warm-ups not among them: they are left out by plan */
  readonly flagged: number;
  readonly dropped: number;
  readonly done: boolean;
  /** over the valid trials */
  readonly perTokenJ?: Mean;
  readonly energyJ?: Mean;
  readonly runtimeS?: Mean;
  readonly firstTokenS?: Mean;
  /** the wider of the two intervals that must narrow, over its mean */
  readonly width?: number;
  /** done, but the interval is still wider than its target */
  readonly wide: boolean;
  /** how near the cell is to done, 0 to 1 */
  readonly fill: number;
}

/** Every different cell of a plan with what was measured of it. */
export function measuredCells(
  plan: Plan,
  progress: ActiveRun['cells'],
  trials: readonly Trial[],
): MeasuredCell[] {
  const byCell = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = `${trial.m} ${trial.n}`;
    if (!byCell.has(key)) byCell.set(key, []);
    byCell.get(key)!.push(trial);
  }
  return progress.map(({ cell, valid, done, energyWidth, runtimeWidth }) => {
    const own = byCell.get(`${cell.m} ${cell.n}`) ?? [];
    const { flagged, dropped } = countTrials(own);
    const counted = own.filter((trial) => trialFate(trial) === 'valid');
    const perTokenJ = meanOf(present(counted.map(joulesPerTokenOf)));
    const energyJ = meanOf(present(counted.map((trial) => totalOf(trial.energyJ))));
    const runtimeS = meanOf(counted.map((trial) => trial.runtimeS));
    const firstTokenS = meanOf(counted.map((trial) => trial.firstTokenS));
    const widths = plan.stopping.rule === 'paper' ? [runtimeWidth] : [energyWidth, runtimeWidth];
    const known = present(widths);
    const width = known.length === widths.length ? Math.max(...known) : undefined;
    const target =
      plan.stopping.rule === 'relative'
        ? plan.stopping.target
        : runtimeS === undefined
          ? undefined
          : plan.stopping.withinS / runtimeS.mean;
    const near = width === undefined || target === undefined ? 0.5 : Math.min(1, target / width);
    return {
      cell,
      trials: own,
      valid,
      flagged,
      dropped,
      done,
      ...(perTokenJ && { perTokenJ }),
      ...(energyJ && { energyJ }),
      ...(runtimeS && { runtimeS }),
      ...(firstTokenS && { firstTokenS }),
      ...(width === undefined ? {} : { width }),
      wide: done && (valid === 0 || (width !== undefined && target !== undefined && width > target)),
      fill: done ? 1 : Math.min(1, valid / plan.minTrials) * near,
    };
  });
}

/** Where the cells stand: rows of n and columns of m, or a list where that would be mostly empty. */
export type CellLayout =
  | { readonly kind: 'table'; readonly rows: readonly number[]; readonly columns: readonly number[] }
  | { readonly kind: 'list' };

export function layoutOf(cells: readonly PlanCell[]): CellLayout {
  const sorted = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  const columns = sorted(cells.map((cell) => cell.m));
  const rows = sorted(cells.map((cell) => cell.n));
  const swept = cells.some((cell) => cell.sweep !== undefined);
  const filled = cells.length / (rows.length * columns.length);
  return columns.length <= 12 && (swept || filled > 0.5)
    ? { kind: 'table', rows, columns }
    : { kind: 'list' };
}

/** A width as people read it: "±4.9%". */
export const widthText = (width: number): string => `±${formatNumber(width * 100, 2)}%`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
