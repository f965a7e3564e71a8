import { cellProgress, type Plan, type PlanCell } from '#core/sweep';
import type { Trial } from '#core/trial';

/** A window is at least this long beside its queries: the waits for samples and for the power to settle, s. */
const AROUND_S = 0.5;

/**
 * Time that a plan still takes, learnt from the trials so far: the length of a window is taken from the cell itself
 * or from the nearest measured one (scaled by its tokens), the number of trials from how fast intervals narrow.
 * @returns undefined before the first trial
 */
export function remainingS(plan: Plan, trials: readonly Trial[]): number | undefined {
  if (trials.length === 0) return undefined;
  let total = 0;
  const seen = new Set<string>();
  for (const cell of plan.cells) {
    const key = `${cell.m} ${cell.n}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const progress = cellProgress(plan, cell, trials);
    if (progress.done) continue;
    total += trialsLeft(plan, progress.valid, cell, trials) * (windowS(cell, trials) + AROUND_S);
  }
  return total + plan.idleS;
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

function windowS(cell: PlanCell, trials: readonly Trial[]): number {
  const length = (trial: Trial): number => trial.endS - trial.startS;
  const own = trials.filter((trial) => trial.m === cell.m && trial.n === cell.n).at(-1);
  if (own !== undefined) return length(own);
  const distance = (trial: Trial): number =>
    Math.abs(Math.log2(trial.m / cell.m)) + Math.abs(Math.log2(trial.n / cell.n));
  const nearest = trials.reduce((best, trial) => (distance(trial) < distance(best) ? trial : best));
  const scale = (cell.m + cell.n) / (nearest.m + nearest.n);
  return Math.max(length(nearest), nearest.runtimeS * Math.max(1, scale));
}
