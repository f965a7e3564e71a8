import { z } from 'zod';
import { BOUNDARY_RAILS, statedSchema } from './analysis/boundary.ts';
import { checkCapacitySettings, type CapacityResult } from './analysis/capacityStudy.ts';
import { checkInputs } from './analysis/checkInputs.ts';
import { hullEnvelope } from './analysis/envelope.ts';
import { nonDominated } from './analysis/front.ts';
import type { HeldOutError } from './analysis/fitModel.ts';
import { isJoint, type PreparedJoint } from './analysis/jointSetUp.ts';
import { analyseJoint } from './analysis/jointStudy.ts';
import type { CellAt, FittedModel, JointModelName } from './analysis/model.ts';
import { chosenSchema, withChosen } from './analysis/chosenPolicy.ts';
import type { PolicyChoice } from './analysis/policyChoice.ts';
import {
  intervalCondition,
  withIntervals,
  type Interval95,
  type Uncertainty,
} from './analysis/uncertainty.ts';
import { studyAssumptions, type Assumption } from './assumptions.ts';
import { isExtrapolated, paperCosts, paperCurve, type AxisCurve } from './energyModel.ts';
import { LabError } from './errors.ts';
import {
  bestThreshold,
  costForm,
  costOf,
  everyThreshold,
  POLICIES,
  powerOfTwoThresholds,
  saving,
  singleSystem,
  sweepThresholds,
  type AxisProblem,
  type CostForm,
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
import { chosenVerdict } from './chosenVerdict.ts';
import { verdictOf, type Verdict } from './verdict.ts';
import { marginal, type Workload } from './workload.ts';

/** Counts the changes of the analysis that change a number; part of a study's id. */
export const ANALYSIS_VERSION = 3;

/** The most replicates that a study may ask for, and those it is given where nobody says otherwise. */
export const MOST_REPLICATES = 100_000;
export const DEFAULT_REPLICATES = 1000;
/** The seed of a bootstrap where nobody says another. */
export const DEFAULT_SEED = 1;

const deviceCount = z.number().int().min(0).max(1e6);

/** Everything that decides a study's numbers, beside the profiles and the workload themselves. */
export const settingsSchema = z.strictObject({
  /** id of the profile of the small system (the Mac) */
  small: z.string().min(1),
  /** id of the profile of the large system (the GPU) */
  large: z.string().min(1),
  workload: z.string().min(1),
  /** the paper's looks along one axis; the others at input and output tokens together */
  energyModel: z.enum(['paper', 'grid', 'linear', 'physical']).default('paper'),
  policy: z.enum([...POLICIES, 'all']).default('threshold-in'),
  /** weight of energy in U = λE + (1−λ)R */
  lambda: z.number().min(0).max(1).default(1),
  cost: z.enum(['raw', 'normalised']).default('raw'),
  boundary: z.enum(['like-for-like', ...BOUNDARIES]).default('like-for-like'),
  thresholds: z.enum(['powers-of-two', 'every-integer']).default('powers-of-two'),
  /** the least saving against the better single system that makes a threshold useful, 0 to 1 */
  minSaving: z.number().min(0).max(1).default(0.01),
  /** all energy, or what a query adds to the idle system; gross where it is not said */
  idle: z.exactOptional(z.enum(['gross', 'above-idle'])),
  /** replicates of the bootstrap behind the intervals; none where it is 0 or not said */
  bootstrap: z.exactOptional(z.number().int().min(0).max(MOST_REPLICATES)),
  /** of the bootstrap; 1 where it is not said */
  seed: z.exactOptional(z.number().int().nonnegative()),
  /** devices of each system, and queries per second: the optimum that they can carry is looked for too */
  capacity: z.exactOptional(
    z.strictObject({
      devices: z.strictObject({ small: deviceCount, large: deviceCount }),
      arrivalRate: z.number().positive().finite(),
    }),
  ),
  /** what the profiles do not hold, as the user states it */
  stated: z.exactOptional(
    z.strictObject({ small: z.exactOptional(statedSchema), large: z.exactOptional(statedSchema) }),
  ),
  /** a policy with its threshold that the user settled on, in place of the best one */
  chosen: z.exactOptional(chosenSchema),
});
export type StudySettings = z.output<typeof settingsSchema>;

/** The paper's pair with the one model that both were measured with, and its workload: where everything starts. */
export const PAPER_SETTINGS: StudySettings = settingsSchema.parse({
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'alpaca-davinci',
  bootstrap: DEFAULT_REPLICATES,
  seed: DEFAULT_SEED,
});

/** The same question put to the joint distribution and every policy: where the window starts. */
export const START_SETTINGS: StudySettings = {
  ...PAPER_SETTINGS,
  energyModel: 'grid',
  policy: 'all',
  thresholds: 'every-integer',
};

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

/** Whether a policy is beyond the paper's model, which sees one axis. "all" means every policy there is. */
export function needsJointModel(policy: StudySettings['policy']): boolean {
  return policy === 'all' || !PAPER_POLICIES.some((known) => known === policy);
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

/** What a policy looks at: one side of a query, or both. */
export type PolicyAxis = Axis | 'joint';

/** A policy with what it costs over the whole workload. */
export interface PolicyOutcome extends Totals, PolicyChoice {
  /** the axis along which the policy looks; of a single system that of the sweep */
  readonly axis: PolicyAxis;
  /** saved of the cost U */
  readonly saving: Savings;
  readonly savingEnergy: Savings;
  readonly savingRuntime: Savings;
  /** cost above that of the per-query optimum, a fraction of it; null where that costs nothing or less */
  readonly regret?: number | null | undefined;
  /** the user settled on it; a family's best threshold is then listed beside it */
  readonly chosen?: true | undefined;
  /** of `saving.vsBestSingle`, where it was computed; all intervals are in `StudyResult.uncertainty` */
  readonly interval95?: Interval95 | undefined;
  /** of `regret`, where it was computed: against the per-query optimum followed as the study found it */
  readonly regretInterval95?: Interval95 | undefined;
}

/** How well one side's models fit, with what they rest on. */
export interface ModelSummary {
  readonly model: JointModelName;
  readonly energy: ModelFit;
  readonly runtime: ModelFit;
  /** ends of what was measured, tokens */
  readonly range: FittedModel['range'];
  readonly filled: readonly CellAt[];
  readonly leftOut: readonly CellAt[];
}

/** Coefficients (J or s) and errors of one fit; `heldOut` is the leave-one-cell-out error. */
export interface ModelFit {
  readonly coefficients?: readonly number[] | undefined;
  readonly r2?: number | undefined;
  readonly heldOut: HeldOutError | null;
}

/** A policy on the energy–runtime front. */
export interface ParetoChoice extends PolicyChoice {
  readonly energyJ: number;
  readonly runtimeS: number;
  /** best for some λ */
  readonly convex: boolean;
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
  /** share of the queries, and their energy, for which a model gives 0 or less on one of the systems */
  readonly negative?: { readonly queries: number; readonly energyJ: number } | undefined;
  /** every λ at which the best policy changes, ascending; absent in studies of the first version */
  readonly flips?:
    | readonly { readonly lambda: number; readonly from: PolicyChoice; readonly to: PolicyChoice }[]
    | undefined;
  /** the energy–runtime front, from the least runtime to the least energy, thinned to 200 points */
  readonly pareto?: readonly ParetoChoice[] | undefined;
  /** points of the front before it was thinned */
  readonly paretoFound?: number | undefined;
  /** the optimum that the devices can carry, where they were told */
  readonly capacity?: CapacityResult | undefined;
  readonly models?: { readonly small: ModelSummary; readonly large: ModelSummary } | undefined;
  /** what not knowing n costs more than the best output threshold that knows it, fractions */
  readonly unknownOutput?:
    | {
        /** n predicted with an error of ln n of so much; with the threshold kept, and adapted to the error */
        readonly prediction: readonly {
          readonly sigma: number;
          readonly loss: number;
          readonly adapted: number;
        }[];
        /** thresholds on the mean output of the queries with the same m */
        readonly expectedOutput: number;
        /** the best that any policy can do that sees m alone */
        readonly bestByInput: number;
      }
    | undefined;
  /** how sure all this is, where a bootstrap was asked for */
  readonly uncertainty?: Uncertainty | undefined;
}

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
 * @param prepared of a joint study: where the same problem was prepared before, for another λ or policy
 * @param uncertainty of this very study, where it was computed: the verdict then rests on its interval
 * @throws LabError "bad-setting" or "incompatible" with the reason; never a number in their place
 */
export function analyse(
  settings: StudySettings,
  inputs: StudyInputs,
  prepared?: PreparedJoint,
  uncertainty?: Uncertainty,
): StudyResult {
  checkAsked(settings, inputs);
  if (isJoint(settings)) return analyseJoint(settings, inputs, prepared, uncertainty);
  const { rails, boundary, parts, best } = paperParts(settings, inputs);
  const { chosen } = best;
  const followed =
    chosen ??
    (settings.policy === 'small' || settings.policy === 'large'
      ? best.outcomes.find((outcome) => outcome.policy === settings.policy)!
      : best.best);
  const extrapolated = extrapolatedShare(best.problem, followed);
  return {
    boundary,
    rails,
    policies: withIntervals(
      withChosen(
        parts.flatMap((part) => part.outcomes),
        chosen,
      ),
      uncertainty,
    ),
    axis: best.problem.axis,
    sweep: best.sweep,
    verdict: chosen
      ? chosenVerdict(
          settings,
          inputs,
          { outcomes: best.outcomes, chosen, best: best.best },
          paperCondition(chosen.axis) + intervalCondition(uncertainty),
          uncertainty?.saving95,
        )
      : verdictOf(
          settings,
          inputs,
          best.outcomes,
          best.best,
          paperCondition(best.best.axis) + intervalCondition(uncertainty),
          uncertainty?.saving95,
        ),
    extrapolated,
    ...frontOf(best, settings),
    ...(uncertainty === undefined ? {} : { uncertainty }),
    assumptions: studyAssumptions({
      settings,
      inputs,
      boundary,
      rails,
      axis: best.problem.axis,
      extrapolated,
      uncertainty,
    }),
  };
}

/**
 * Whether the question makes sense at all.
 * @throws LabError "bad-setting", "bad-profile" or "bad-workload" with the reason
 */
export function checkAsked(settings: StudySettings, inputs: StudyInputs): void {
  if (inputs.small.id === inputs.large.id) {
    throw new LabError(
      'bad-setting',
      `Both systems are ${inputs.small.name}, so there is nothing to compare.`,
      'Choose two different profiles.',
    );
  }
  checkCapacitySettings(settings);
  checkInputs(inputs);
}

/** Under which condition a verdict of the paper's model holds, without its full stop. */
const paperCondition = (axis: PolicyAxis): string =>
  `Under the paper's energy model, which looks at ${axis} tokens alone`;

/** The axes that a study under the paper's model looks along. */
function paperAxes({ policy, chosen }: StudySettings): readonly Axis[] {
  if (chosen !== undefined) return [chosen.policy === 'threshold-out' ? 'output' : 'input'];
  if (policy === 'all') return ['input', 'output'];
  return [policy === 'threshold-out' ? 'output' : 'input'];
}

/**
 * The axes that the paper's model is asked for, each with its problem and its policies, and the better of them.
 * @throws LabError "bad-setting" or "incompatible" with the reason
 */
export function paperParts(
  settings: StudySettings,
  inputs: StudyInputs,
): { rails: readonly Rail[]; boundary: Boundary; parts: PaperPart[]; best: PaperPart } {
  refuseJointSettings(settings);
  const { rails, boundary } = comparedRails(inputs.small, inputs.large, settings.boundary);
  const axes = paperAxes(settings);
  const parts = axes.map((axis) => analyseAxis(settings, inputs, axis, rails));
  const best = parts.reduce((a, b) => (b.best.saving.vsBestSingle > a.best.saving.vsBestSingle ? b : a));
  return { rails, boundary, parts, best };
}

/** One axis of the paper's model. */
export interface PaperPart {
  readonly problem: PaperProblem;
  readonly form: CostForm;
  readonly sweep: SweepPoint[];
  readonly outcomes: PolicyOutcome[];
  /** the best threshold, asked for or not */
  readonly best: PolicyOutcome;
  /** what the user settled on */
  readonly chosen: PolicyOutcome | undefined;
}

/**
 * The paper's model looks at one axis and at gross, measured energy.
 * @throws LabError "bad-setting" when more is asked of it
 */
function refuseJointSettings({ policy, idle, stated, chosen }: StudySettings): void {
  const refuse = (what: string): LabError =>
    new LabError(
      'bad-setting',
      `The paper's energy model looks at one axis at a time, and ${what}.`,
      'Choose the energy model grid, linear or physical.',
    );
  if (!PAPER_POLICIES.some((known) => known === policy)) throw refuse(`has no policy "${policy}"`);
  if (idle === 'above-idle') throw refuse('at gross energy alone');
  if (stated !== undefined) throw refuse('at measured energy alone');
  if (chosen !== undefined && chosen.policy !== 'threshold-in' && chosen.policy !== 'threshold-out') {
    throw refuse(`has no policy "${chosen.policy}" to settle on`);
  }
}

const PAPER_POLICIES: readonly StudySettings['policy'][] = [
  'small',
  'large',
  'threshold-in',
  'threshold-out',
  'all',
];

/** The front and the flips of λ among the thresholds of one axis and the single systems. */
function frontOf(
  { problem, sweep, outcomes }: PaperPart,
  settings: StudySettings,
): Pick<StudyResult, 'flips' | 'pareto' | 'paretoFound'> {
  const policy = problem.axis === 'input' ? 'threshold-in' : 'threshold-out';
  const single = (name: 'small' | 'large'): PolicyOutcome =>
    outcomes.find((outcome) => outcome.policy === name)!;
  const lines: (PolicyChoice & Pick<Totals, 'energyJ' | 'runtimeS'>)[] = [
    ...(['small', 'large'] as const).map((name) => ({
      policy: name,
      threshold: null,
      energyJ: single(name).energyJ,
      runtimeS: single(name).runtimeS,
    })),
    ...sweep.map(({ threshold, energyJ, runtimeS }) => ({ policy, threshold, energyJ, runtimeS }) as const),
  ];
  const front = nonDominated(lines);
  const parts = hullEnvelope(front, costForm(problem, settings.lambda, settings.cost));
  const corners = new Set(parts.map(({ choice }) => choice));
  const choice = (line: PolicyChoice): PolicyChoice => ({ policy: line.policy, threshold: line.threshold });
  return {
    flips: parts
      .slice(1)
      .map(({ from, choice: to }, i) => ({ lambda: from, from: choice(parts[i]!.choice), to: choice(to) })),
    pareto: front.map((line) => ({ ...line, convex: corners.has(line) })),
    paretoFound: front.length,
  };
}

function analyseAxis(
  settings: StudySettings,
  inputs: StudyInputs,
  axis: Axis,
  rails: readonly Rail[],
): PaperPart {
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
  const optimum = sum(
    problem.lengths.map(
      ([, count], i) =>
        count *
        Math.min(
          costOf(form, problem.small.energyJ[i]!, problem.small.runtimeS[i]!),
          costOf(form, problem.large.energyJ[i]!, problem.large.runtimeS[i]!),
        ),
    ),
  );
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
      regret: totals.cost / optimum - 1,
    };
  };
  const family = axis === 'input' ? 'threshold-in' : 'threshold-out';
  const hybrid = outcome(family, point.threshold, point);
  const settled =
    settings.chosen?.policy === family
      ? sweepThresholds(problem, [settings.chosen.threshold], form)[0]!
      : undefined;
  const singles = [outcome('small', null, small), outcome('large', null, large)];
  const asked = settings.policy === 'small' || settings.policy === 'large' ? singles : [...singles, hybrid];
  const chosen = settled && { ...outcome(family, settled.threshold, settled), chosen: true as const };
  return { problem, form, sweep, outcomes: asked, best: hybrid, chosen };
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
