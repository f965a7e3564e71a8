import { paperCurve, sweepPoint, type TrialFilter } from './energyModel.ts';
import { LabError } from './errors.ts';
import { powerOfTwoThresholds, saving } from './policy.ts';
import type { Axis, Profile } from './profile.ts';
import { PUBLISHED_FIGURES } from './publishedFigures.ts';
import { sum } from './statistics.ts';
import { joules, kilowattHours } from './units.ts';
import type { Workload } from './workload.ts';

/** The paper's pair of systems, and the workload it used. */
export const PAPER_SMALL = 'm1-pro';
export const PAPER_LARGE = 'swing-a100';
export const PAPER_WORKLOAD = 'alpaca-davinci';
/** The largest threshold of each of the paper's two figures. */
export const LARGEST_THRESHOLD: Record<Axis, number> = { input: 2048, output: 512 };

/** One of the paper's two threshold figures, as numbers. Energies in kWh, savings as fractions. */
export interface AxisAnalysis {
  readonly thresholds: readonly number[];
  readonly hybridKwh: readonly number[];
  readonly smallKwh: number;
  readonly largeKwh: number;
  readonly bestThreshold: number;
  readonly savingVsLarge: number;
  readonly savingVsSmall: number;
}

/** The runtime totals of the three assignments: as the paper adds them up, and in seconds. */
export interface RuntimeTotals {
  /** seconds of a query times its input tokens, added up: no time at all (unit: token·s) */
  readonly publishedTokenS: { readonly small: number; readonly large: number; readonly hybrid: number };
  /** seconds of each query, added up */
  readonly correctedS: { readonly small: number; readonly large: number; readonly hybrid: number };
}

/** How an analysis departs from the published one. */
export interface Reading {
  /** which lengths the output figure distributes over: the paper took the input lengths */
  readonly outputLengths: 'input' | 'output';
  /** which tokens of a query the energy per token is multiplied by */
  readonly charged: 'axis' | 'query';
  /** the models averaged on each system: the paper took all it had */
  readonly models: 'all' | 'llama-2-7b';
  readonly filter: TrialFilter;
}

export const AS_PUBLISHED: Reading = {
  outputLengths: 'input',
  charged: 'axis',
  models: 'all',
  filter: 'published',
};

/** The least total of a figure's hybrid curve, kWh. */
export function leastHybrid(analysis: AxisAnalysis): number {
  return Math.min(...analysis.hybridKwh);
}

/** The figure as it was published. */
export function publishedFigure(axis: Axis): AxisAnalysis {
  return figureOf(PUBLISHED_FIGURES[axis]);
}

/** A figure from its totals, with its best threshold. */
export function figureOf(totals: {
  thresholds: readonly number[];
  hybridKwh: readonly number[];
  smallKwh: number;
  largeKwh: number;
}): AxisAnalysis {
  const least = Math.min(...totals.hybridKwh);
  return {
    thresholds: totals.thresholds,
    hybridKwh: totals.hybridKwh,
    smallKwh: totals.smallKwh,
    largeKwh: totals.largeKwh,
    bestThreshold: totals.thresholds[totals.hybridKwh.indexOf(least)]!,
    savingVsLarge: saving(least, totals.largeKwh),
    savingVsSmall: saving(least, totals.smallKwh),
  };
}

/**
 * One of the paper's figures on the bundled sweeps, read in this way.
 * @throws LabError "unknown-profile" when the bundled profiles are not there
 */
export function readFigure(
  study: { profiles: readonly Profile[]; workload: Workload },
  axis: Axis,
  reading: Reading,
): { analysis: AxisAnalysis; runtime: RuntimeTotals } {
  const curve = (system: string): ReturnType<typeof paperCurve> => {
    const chosen = study.profiles.filter(
      (profile) =>
        profile.system.id === system &&
        profile.design === 'sweeps' &&
        (reading.models === 'all' || profile.model.id === reading.models),
    );
    if (chosen.length === 0) {
      throw new LabError(
        'unknown-profile',
        `The bundled two-sweep profiles of ${system} are not in this data folder, so the paper cannot be reproduced.`,
        'Start Crossover again: it puts the bundled profiles back.',
      );
    }
    return paperCurve(chosen, axis, { filter: reading.filter });
  };
  const small = curve(PAPER_SMALL);
  const large = curve(PAPER_LARGE);
  const rows = chargedTokens(
    study.workload,
    axis === 'output' ? reading.outputLengths : 'input',
    reading.charged,
  );
  const thresholds = powerOfTwoThresholds(LARGEST_THRESHOLD[axis]);

  type Of = (point: { jPerToken: number; runtimeS: number }, row: (typeof rows)[number]) => number;
  const total = (of: Of, onSmall: (length: number) => boolean): number =>
    sum(rows.map((row) => of(sweepPoint(onSmall(row.length) ? small : large, row.length), row)));
  const kwh = (onSmall: (length: number) => boolean): number =>
    kilowattHours(joules(total((point, row) => row.tokens * point.jPerToken, onSmall)));

  const analysis = figureOf({
    thresholds,
    hybridKwh: thresholds.map((threshold) => kwh((length) => length <= threshold)),
    smallKwh: kwh(() => true),
    largeKwh: kwh(() => false),
  });
  const assignments = (of: Of): { small: number; large: number; hybrid: number } => ({
    small: total(of, () => true),
    large: total(of, () => false),
    hybrid: total(of, (length) => length <= analysis.bestThreshold),
  });
  return {
    analysis,
    runtime: {
      publishedTokenS: assignments((point, row) => row.tokens * point.runtimeS),
      correctedS: assignments((point, row) => row.queries * point.runtimeS),
    },
  };
}

/** For each length: its queries, and all the tokens that their energy per token is multiplied by. */
function chargedTokens(
  workload: Workload,
  lengths: Axis,
  charged: Reading['charged'],
): { length: number; queries: number; tokens: number }[] {
  const rows = new Map<number, { length: number; queries: number; tokens: number }>();
  for (const [m, n, count] of workload.pairs) {
    const length = lengths === 'input' ? m : n;
    const row = rows.get(length) ?? { length, queries: 0, tokens: 0 };
    row.queries += count;
    row.tokens += count * (charged === 'query' ? m + n : length);
    rows.set(length, row);
  }
  return [...rows.values()].sort((a, b) => a.length - b.length);
}
