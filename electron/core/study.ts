import { z } from 'zod';
import { studyAssumptions, type Assumption } from './assumptions.ts';
import { isExtrapolated, paperCosts, paperCurve, type AxisCurve } from './energyModel.ts';
import { LabError } from './errors.ts';
import {
  bestThreshold,
  costForm,
  everyThreshold,
  POLICIES,
  powerOfTwoThresholds,
  saving,
  singleSystem,
  sweepThresholds,
  type AxisProblem,
  type PolicyName,
  type SweepPoint,
  type Totals,
} from './policy.ts';
import {
  BOUNDARIES,
  firstIssues,
  railNames,
  RAILS,
  type Axis,
  type Boundary,
  type Profile,
  type Rail,
} from './profile.ts';
import { sum } from './statistics.ts';
import { verdictOf, type Verdict } from './verdict.ts';
import { marginal, type Workload } from './workload.ts';

/** Counts the changes of the analysis that change a number; part of a study's id. */
export const ANALYSIS_VERSION = 1;

/** Everything that decides a study's numbers, beside the profiles and the workload themselves. */
export const settingsSchema = z.strictObject({
  /** id of the profile of the small system (the Mac) */
  small: z.string().min(1),
  /** id of the profile of the large system (the GPU) */
  large: z.string().min(1),
  workload: z.string().min(1),
  energyModel: z.literal('paper').default('paper'),
  policy: z.enum([...POLICIES, 'all']).default('threshold-in'),
  /** weight of energy in U = λE + (1−λ)R */
  lambda: z.number().min(0).max(1).default(1),
  cost: z.enum(['raw', 'normalised']).default('raw'),
  boundary: z.enum(['like-for-like', ...BOUNDARIES]).default('like-for-like'),
  thresholds: z.enum(['powers-of-two', 'every-integer']).default('powers-of-two'),
  /** the least saving against the better single system that makes a threshold useful, 0 to 1 */
  minSaving: z.number().min(0).max(1).default(0.01),
});
export type StudySettings = z.output<typeof settingsSchema>;

/** The paper's pair with the one model that both were measured with, and its workload: where everything starts. */
export const PAPER_SETTINGS: StudySettings = settingsSchema.parse({
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'alpaca-davinci',
});

/**
 * Validates the settings of a study, filling in defaults.
 * @throws LabError "bad-setting" naming what is wrong
 */
export function parseSettings(settings: unknown): StudySettings {
  const result = settingsSchema.safeParse(settings);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The study cannot be run with these settings: ${firstIssues(result.error)}.`,
    'Nothing was stored. λ lies between 0 and 1; crossover analyze --help lists the choices.',
  );
}

/** What a study is computed from. */
export interface StudyInputs {
  readonly small: Profile;
  readonly large: Profile;
  readonly workload: Workload;
}

/** Fractions saved of the cost, the energy or the runtime; negative when more is spent. */
export interface Savings {
  readonly vsBestSingle: number;
  readonly vsLarge: number;
  readonly vsSmall: number;
}

/** A policy with what it costs over the whole workload. */
export interface PolicyOutcome extends Totals {
  readonly policy: PolicyName;
  /** the axis along which the energy model looked */
  readonly axis: Axis;
  /** lengths up to this go to the small system; null for a single system */
  readonly threshold: number | null;
  /** saved of the cost U */
  readonly saving: Savings;
  readonly savingEnergy: Savings;
  readonly savingRuntime: Savings;
}

/** The outcome of a study. Everything follows from the settings and the inputs alone. */
export interface StudyResult {
  readonly boundary: Boundary;
  readonly rails: readonly Rail[];
  readonly policies: readonly PolicyOutcome[];
  /** the axis of the sweep */
  readonly axis: Axis;
  readonly sweep: readonly SweepPoint[];
  readonly verdict: Verdict;
  /** share of the queries, and of the best policy's energy, beyond the measured range */
  readonly extrapolated: { readonly queries: number; readonly energy: number };
  readonly assumptions: readonly Assumption[];
}

/** The rails of each boundary. */
const BOUNDARY_RAILS: Record<Boundary, readonly Rail[]> = {
  gpu: ['gpu'],
  'gpu+cpu': ['cpu', 'gpu'],
  soc: ['cpu', 'gpu', 'ane', 'dram'],
  machine: ['machine'],
  wall: ['wall'],
};

/**
 * The rails that a comparison counts: like for like, those that both profiles have.
 * @throws LabError "incompatible" when the profiles share no rail, or one lacks a rail of the boundary asked for
 */
export function comparedRails(
  small: Profile,
  large: Profile,
  asked: StudySettings['boundary'],
): { rails: readonly Rail[]; boundary: Boundary } {
  if (asked !== 'like-for-like') {
    const rails = BOUNDARY_RAILS[asked];
    for (const profile of [small, large]) {
      const missing = rails.filter((rail) => !profile.rails.includes(rail));
      if (missing.length > 0) {
        throw new LabError(
          'incompatible',
          `${profile.name} has no energy of ${railNames(missing)}, which the boundary "${asked}" counts.`,
          `It has ${railNames(profile.rails)}. Choose "like-for-like" to count what both systems have.`,
        );
      }
    }
    return { rails, boundary: asked };
  }
  const shared = RAILS.filter((rail) => small.rails.includes(rail) && large.rails.includes(rail));
  const boundary = BOUNDARIES.find(
    (name) =>
      BOUNDARY_RAILS[name].length === shared.length &&
      BOUNDARY_RAILS[name].every((rail) => shared.includes(rail)),
  );
  if (shared.length === 0 || (boundary === undefined && small.boundary !== large.boundary)) {
    throw new LabError(
      'incompatible',
      `${small.name} counts ${railNames(small.rails)}, ${large.name} counts ${railNames(large.rails)}: ` +
        'they share no boundary, so their energies cannot be set side by side.',
      'Choose profiles that have a rail in common.',
    );
  }
  return { rails: shared, boundary: boundary ?? small.boundary };
}

/** The workload along one axis with the paper's costs on both systems, and the curves behind them. */
export interface PaperProblem extends AxisProblem {
  readonly curves: { readonly small: AxisCurve; readonly large: AxisCurve };
}

/** Sets up the paper's problem along one axis. */
export function paperProblem(inputs: StudyInputs, axis: Axis, rails: readonly Rail[]): PaperProblem {
  const lengths = marginal(inputs.workload, axis);
  const tokens = lengths.map(([length]) => length);
  const small = paperCurve([inputs.small], axis, { rails });
  const large = paperCurve([inputs.large], axis, { rails });
  return {
    axis,
    lengths,
    small: paperCosts(small, tokens),
    large: paperCosts(large, tokens),
    curves: { small, large },
  };
}

/**
 * Runs a study.
 * @throws LabError "bad-setting" or "incompatible" with the reason; never a number in their place
 */
export function analyse(settings: StudySettings, inputs: StudyInputs): StudyResult {
  if (inputs.small.id === inputs.large.id) {
    throw new LabError(
      'bad-setting',
      `Both systems are ${inputs.small.name}, so there is nothing to compare.`,
      'Choose two different profiles.',
    );
  }
  const { rails, boundary } = comparedRails(inputs.small, inputs.large, settings.boundary);
  const axes: readonly Axis[] =
    settings.policy === 'all'
      ? ['input', 'output']
      : [settings.policy === 'threshold-out' ? 'output' : 'input'];
  const parts = axes.map((axis) => analyseAxis(settings, inputs, axis, rails));
  const best = parts.reduce((a, b) => (b.best.saving.vsBestSingle > a.best.saving.vsBestSingle ? b : a));
  const chosen =
    settings.policy === 'small' || settings.policy === 'large'
      ? best.outcomes.find((outcome) => outcome.policy === settings.policy)!
      : best.best;
  const extrapolated = extrapolatedShare(best.problem, chosen);
  return {
    boundary,
    rails,
    policies: parts.flatMap((part) => part.outcomes),
    axis: best.problem.axis,
    sweep: best.sweep,
    verdict: verdictOf(settings, inputs, best.outcomes, best.best),
    extrapolated,
    assumptions: studyAssumptions({
      settings,
      inputs,
      boundary,
      rails,
      axis: best.problem.axis,
      extrapolated,
    }),
  };
}

function analyseAxis(
  settings: StudySettings,
  inputs: StudyInputs,
  axis: Axis,
  rails: readonly Rail[],
): { problem: PaperProblem; sweep: SweepPoint[]; outcomes: PolicyOutcome[]; best: PolicyOutcome } {
  const problem = paperProblem(inputs, axis, rails);
  const form = costForm(problem, settings.lambda, settings.cost);
  const reach = Math.min(
    problem.curves.small.points.at(-1)!.length,
    problem.curves.large.points.at(-1)!.length,
  );
  const candidates =
    settings.thresholds === 'powers-of-two' ? powerOfTwoThresholds(reach) : everyThreshold(problem.lengths);
  const sweep = sweepThresholds(problem, candidates, form);
  const point = bestThreshold(sweep);
  if (point === undefined) {
    throw new LabError(
      'incompatible',
      `${inputs.small.name} and ${inputs.large.name} are measured up to ${reach} tokens only; the paper's ` +
        'thresholds begin at 8.',
      'Choose thresholds "every-integer", or profiles with longer sweeps.',
    );
  }
  const small = singleSystem(problem, 'small', form);
  const large = singleSystem(problem, 'large', form);
  if (!(small.cost > 0 && large.cost > 0)) {
    throw new LabError(
      'bad-workload',
      `${inputs.workload.name} costs nothing along the ${axis} axis (every query has 0 ${axis} tokens), so there is ` +
        'no saving to speak of.',
      'Look along the other axis, or choose another workload.',
    );
  }
  const outcome = (policy: PolicyName, threshold: number | null, totals: Totals): PolicyOutcome => {
    const savings = (of: (t: Totals) => number): Savings => ({
      vsBestSingle: saving(of(totals), Math.min(of(small), of(large))),
      vsLarge: saving(of(totals), of(large)),
      vsSmall: saving(of(totals), of(small)),
    });
    return {
      policy,
      axis,
      threshold,
      energyJ: totals.energyJ,
      runtimeS: totals.runtimeS,
      cost: totals.cost,
      saving: savings((t) => t.cost),
      savingEnergy: savings((t) => t.energyJ),
      savingRuntime: savings((t) => t.runtimeS),
    };
  };
  const hybrid = outcome(axis === 'input' ? 'threshold-in' : 'threshold-out', point.threshold, point);
  const singles = [outcome('small', null, small), outcome('large', null, large)];
  const asked = settings.policy === 'small' || settings.policy === 'large' ? singles : [...singles, hybrid];
  return { problem, sweep, outcomes: asked, best: hybrid };
}

function extrapolatedShare(
  problem: PaperProblem,
  outcome: PolicyOutcome,
): { queries: number; energy: number } {
  let queries = 0;
  const energies: number[] = [];
  problem.lengths.forEach(([length, count], i) => {
    const onSmall = outcome.threshold === null ? outcome.policy === 'small' : length <= outcome.threshold;
    const side = onSmall ? 'small' : 'large';
    if (!isExtrapolated(problem.curves[side], length)) return;
    queries += count;
    energies.push(count * problem[side].energyJ[i]!);
  });
  return {
    queries: queries / sum(problem.lengths.map(([, count]) => count)),
    energy: sum(energies) / outcome.energyJ,
  };
}

/** A study as it is stored: its settings, what it was computed from, and what came out. */
export interface Study {
  /** derived from the settings and the inputs' hashes: the same study has the same id */
  readonly id: string;
  readonly settings: StudySettings;
  /** SHA-256 of each input's content */
  readonly hashes: { readonly small: string; readonly large: string; readonly workload: string };
  readonly result: StudyResult;
}

/** A study's title: the pair and the workload. */
export function studyTitle(inputs: StudyInputs): string {
  return `${inputs.small.system.label} against ${inputs.large.system.label} · ${inputs.small.model.name} · ${inputs.workload.name}`;
}
