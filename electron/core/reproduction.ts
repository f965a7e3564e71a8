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
const LARGEST_THRESHOLD: Record<Axis, number> = { input: 2048, output: 512 };

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

/** One finding of a careful reading with its effect. */
export interface ReconciliationStep {
  readonly step: number;
  readonly what: string;
  /** the figure that the finding concerns most; the three numbers below are its */
  readonly axis: Axis;
  /** least total of the hybrid with this finding alone mended, in kWh */
  readonly hybridKwh: number;
  /** saved against the A100 alone, a fraction */
  readonly saving: number;
  readonly bestThreshold: number;
  /** change of `hybridKwh` against the reproduced figure */
  readonly effectKwh: number;
  /** change of `saving`, in percentage points */
  readonly effectPoints: number;
  /** both figures with this finding alone mended */
  readonly alone: Readonly<Record<Axis, AxisAnalysis>>;
  /** both figures with this and all earlier findings mended */
  readonly cumulative: Readonly<Record<Axis, AxisAnalysis>>;
  /** only where the finding concerns the runtime */
  readonly runtime?: RuntimeTotals;
}

export interface Reproduction {
  readonly input: AxisAnalysis;
  readonly output: AxisAnalysis;
  readonly published: Readonly<Record<Axis, AxisAnalysis>>;
  readonly reconciliation: readonly ReconciliationStep[];
}

/** How an analysis departs from the published one. */
interface Reading {
  /** which lengths the output figure distributes over: the paper took the input lengths */
  readonly outputLengths: 'input' | 'output';
  /** which tokens of a query the energy per token is multiplied by */
  readonly charged: 'axis' | 'query';
  /** the models averaged on each system: the paper took all it had */
  readonly models: 'all' | 'llama-2-7b';
  readonly filter: TrialFilter;
}

const AS_PUBLISHED: Reading = { outputLengths: 'input', charged: 'axis', models: 'all', filter: 'published' };

/** The findings in the order of the reconciliation; each mends one thing. */
const FINDINGS: readonly { axis: Axis; what: string; mend: Partial<Reading>; runtime?: true }[] = [
  {
    axis: 'output',
    what: 'The output figure distributes over input lengths; use the lengths of the outputs.',
    mend: { outputLengths: 'output' },
  },
  {
    axis: 'input',
    what:
      'Energy per token is measured over input and output tokens together, then multiplied by one side alone; ' +
      'multiply it by all tokens of the query.',
    mend: { charged: 'query' },
  },
  {
    axis: 'input',
    what: 'The A100 averages three models, the M1 Pro two; compare Llama-2 7B with Llama-2 7B.',
    mend: { models: 'llama-2-7b' },
  },
  {
    axis: 'input',
    what: 'The filter "no 0 in the phase" drops iterations 10 and 20 as well as iteration 0; drop iteration 0 alone.',
    mend: { filter: 'all-but-first' },
  },
  {
    axis: 'input',
    what: 'Runtime totals multiply the seconds of a query by its tokens; add up the seconds of the queries.',
    mend: {},
    runtime: true,
  },
];

/**
 * The paper's threshold analysis on the bundled figures, beside the published curves, and findings 1 to 5 of a
 * careful reading, each with its effect.
 * @param profiles at least the two-sweep profiles of the M1 Pro and of Swing
 * @param workload Alpaca with davinci outputs
 * @throws LabError "unknown-profile" when the bundled profiles are not there
 */
export function reproducePaper(profiles: readonly Profile[], workload: Workload): Reproduction {
  const study = { profiles, workload };
  const both = (reading: Reading): Record<Axis, AxisAnalysis> => ({
    input: analyseAxis(study, 'input', reading).analysis,
    output: analyseAxis(study, 'output', reading).analysis,
  });
  const base = both(AS_PUBLISHED);
  let mended = AS_PUBLISHED;
  const reconciliation = FINDINGS.map((finding, index): ReconciliationStep => {
    mended = { ...mended, ...finding.mend };
    const alone = both({ ...AS_PUBLISHED, ...finding.mend });
    const own = alone[finding.axis];
    const before = base[finding.axis];
    return {
      step: index + 1,
      what: finding.what,
      axis: finding.axis,
      hybridKwh: leastHybrid(own),
      saving: own.savingVsLarge,
      bestThreshold: own.bestThreshold,
      effectKwh: leastHybrid(own) - leastHybrid(before),
      effectPoints: 100 * (own.savingVsLarge - before.savingVsLarge),
      alone,
      cumulative: both(mended),
      ...(finding.runtime ? { runtime: analyseAxis(study, finding.axis, AS_PUBLISHED).runtime } : {}),
    };
  });
  return {
    ...base,
    published: { input: published('input'), output: published('output') },
    reconciliation,
  };
}

/** The least total of a figure's hybrid curve, kWh. */
export function leastHybrid(analysis: AxisAnalysis): number {
  return Math.min(...analysis.hybridKwh);
}

function published(axis: Axis): AxisAnalysis {
  return summed(PUBLISHED_FIGURES[axis]);
}

function summed(totals: {
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

function analyseAxis(
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

  const analysis = summed({
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
