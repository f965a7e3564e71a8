import { knownQueries, predictQuery, timeAround, windowOf } from '#core/queryTime';
import { cellProgress, distinctCells, type Plan, type PlanCell } from '#core/sweep';
import type { Trial } from '#core/trial';

/** Between two windows until it is known: the waits for samples and for the power to settle, s. */
const AROUND_S = 0.5;

/** What a plan still takes. */
export interface Remaining {
  readonly seconds: number;
  /** of the windows that are still to come; undefined where no energy is known */
  readonly energyJ: number | undefined;
}

/**
 * Time and energy that a plan still takes, learnt from the trials so far: those of a query from the cells that were
 * measured, the number of trials from how fast intervals narrow.
 * @returns undefined before the first trial
 */
export function remaining(plan: Plan, trials: readonly Trial[], kvCache: boolean): Remaining | undefined {
  const known = knownQueries(trials);
  if (known.length === 0) return undefined;
  const aroundS = timeAround(trials) ?? AROUND_S;
  let seconds = plan.idleS;
  let energyJ: number | undefined = 0;
  for (const cell of distinctCells(plan.cells)) {
    const progress = cellProgress(plan, cell, trials);
    if (progress.done) continue;
    const { runtimeS, powerW } = predictQuery(cell, known, kvCache);
    // How long a window of several queries must be for this meter shows in those that were made.
    const own = trials
      .filter((trial) => trial.m === cell.m && trial.n === cell.n && trial.repeats > 1)
      .at(-1);
    const lengthS = own === undefined ? windowOf(runtimeS) : own.endS - own.startS;
    const count = trialsLeft(plan, progress.valid, cell, trials);
    seconds += count * (lengthS + aroundS);
    energyJ = energyJ === undefined || powerW === undefined ? undefined : energyJ + count * powerW * lengthS;
  }
  return { seconds, energyJ };
}

function trialsLeft(plan: Plan, valid: number, cell: PlanCell, trials: readonly Trial[]): number {
  const made = trials.filter((trial) => trial.m === cell.m && trial.n === cell.n).length;
  const warmUps = Math.max(0, plan.warmUps - made);
  if (valid < plan.minTrials) return plan.minTrials - valid + warmUps;
  const { energyWidth = 1, runtimeWidth = 1 } = cellProgress(plan, cell, trials);
  if (plan.stopping.rule === 'paper') return 1;
  // An interval narrows with the root of the number of trials.
  const needed = valid * (Math.max(energyWidth, runtimeWidth) / plan.stopping.target) ** 2;
  return Math.min(plan.maxTrials, Math.ceil(needed)) - valid + 1;
}
