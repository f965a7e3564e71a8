import { z } from 'zod';
import { statedSchema } from './analysis/boundary.ts';
import { checkCapacitySettings, type CapacityResult } from './analysis/capacityStudy.ts';
import { checkInputs } from './analysis/checkInputs.ts';
import type { HeldOutError } from './analysis/fitModel.ts';
import { isJoint, type PreparedJoint } from './analysis/jointSetUp.ts';
import { analyseJoint } from './analysis/jointStudy.ts';
import type { CellAt, FittedModel, JointModelName } from './analysis/model.ts';
import { chosenSchema } from './analysis/chosenPolicy.ts';
import type { PolicyChoice } from './analysis/policyChoice.ts';
import { type Interval95, type Uncertainty } from './analysis/uncertainty.ts';
import { type Assumption } from './assumptions.ts';
import { LabError } from './errors.ts';
import { analysePaper } from './paperStudy.ts';
import { PAPER_POLICIES, POLICIES, type SweepPoint, type Totals } from './policy.ts';
import { BOUNDARIES, firstIssues, type Axis, type Boundary, type Profile, type Rail } from './profile.ts';
import { type Verdict } from './verdict.ts';
import { type Workload } from './workload.ts';

/** Counts the changes of the analysis that change a number; part of a study's id. */
export const ANALYSIS_VERSION = 4;

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
  return analysePaper(settings, inputs, uncertainty);
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
