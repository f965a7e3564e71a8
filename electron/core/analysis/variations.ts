import { comparedRails } from '../comparedRails.ts';
import { errorData } from '../errors.ts';
import { paperParts } from '../paperStudy.ts';
import { BOUNDARIES, type Boundary } from '../profile.ts';
import {
  analyse,
  checkAsked,
  type PolicyOutcome,
  type StudyInputs,
  type StudyResult,
  type StudySettings,
} from '../study.ts';
import { commonBoundary } from './boundary.ts';
import { fits, isJoint, prepareJoint, type PreparedJoint } from './jointSetUp.ts';
import { answerJoint } from './jointStudy.ts';
import type { PolicyChoice } from './policyChoice.ts';
import { THRESHOLD_FAMILIES } from './rules.ts';

/** What a variation changes. */
export const FACTORS = ['workload', 'lambda', 'model', 'policy', 'thresholds', 'boundary', 'idle'] as const;
export type Factor = (typeof FACTORS)[number];

/** A study with one thing changed. */
export interface Variation {
  readonly factor: Factor;
  /** what the thing is changed to; of a workload its id */
  readonly value: string;
  /** it is what the study has already */
  readonly now: boolean;
  readonly settings: StudySettings;
}

/** What comes of a variation, or why nothing can. */
export type VariationAnswer = Pick<Variation, 'factor' | 'value' | 'now'> &
  (
    | {
        readonly kind: 'threshold' | 'no-useful-threshold';
        /** the best threshold, useful or not */
        readonly best: PolicyChoice;
        /** of the cost, against the better single system, a fraction */
        readonly saving: number;
        readonly bestSingle: 'small' | 'large';
        /** shares beyond what was measured, under the best threshold */
        readonly extrapolated: StudyResult['extrapolated'];
      }
    | { readonly kind: 'impossible'; readonly why: string }
  );

/** The weights of energy that are looked at beside the study's own. */
const LAMBDAS = [0, 0.25, 0.5, 0.75, 0.9, 1];

const JOINT_MODELS = ['grid', 'linear', 'physical'] as const;

/**
 * A study with one thing changed at a time, the study itself once under each factor. A policy that the user settled
 * on gives way to the best, and no devices are counted: what is asked is whether a threshold is useful.
 * @param workloads ids of all that there are
 */
export function variationsOf(study: StudySettings, workloads: readonly string[]): Variation[] {
  const settings = bareSettings(study);
  const joint = isJoint(settings);
  const vary = <T>(
    factor: Factor,
    values: readonly T[],
    own: T,
    changed: (value: T) => Partial<StudySettings>,
  ): Variation[] =>
    (values.includes(own) ? values : [...values, own]).map((value) => ({
      factor,
      value: String(value),
      now: value === own,
      settings: value === own ? settings : { ...settings, ...changed(value) },
    }));
  return [
    ...vary('workload', workloads, settings.workload, (workload) => ({ workload })),
    ...vary('lambda', LAMBDAS, settings.lambda, (lambda) => ({ lambda })).sort(
      (a, b) => Number(a.value) - Number(b.value),
    ),
    ...vary<StudySettings['energyModel']>(
      'model',
      joint ? JOINT_MODELS : ['paper', ...JOINT_MODELS],
      settings.energyModel,
      (energyModel) => ({ energyModel }),
    ),
    ...vary<StudySettings['policy']>(
      'policy',
      joint ? ['all', ...THRESHOLD_FAMILIES] : ['all', 'threshold-in', 'threshold-out'],
      settings.policy,
      (policy) => ({ policy }),
    ),
    ...vary('thresholds', ['every-integer', 'powers-of-two'] as const, settings.thresholds, (thresholds) => ({
      thresholds,
    })),
    ...vary<Boundary | 'like-for-like'>(
      'boundary',
      ['like-for-like', ...BOUNDARIES],
      settings.boundary,
      (boundary) => ({ boundary }),
    ),
    ...(joint
      ? vary('idle', ['gross', 'above-idle'] as const, settings.idle ?? 'gross', (idle) => ({ idle }))
      : []),
  ];
}

/**
 * Leaves out boundaries that count what another variation counts already, the study's own before all: "like for like" is
 * mostly one of those that have a name. What cannot be counted stays, to be told.
 */
export function distinctVariations(
  variations: readonly Variation[],
  profiles: Pick<StudyInputs, 'small' | 'large'>,
): Variation[] {
  const counted = new Set<string>();
  const isAgain = ({ settings }: Variation): boolean => {
    const rails = countedRails(settings, profiles);
    if (rails === undefined) return false;
    const again = counted.has(rails);
    counted.add(rails);
    return again;
  };
  const boundaries = variations.filter(({ factor }) => factor === 'boundary');
  const again = new Set([...boundaries].sort((a, b) => Number(b.now) - Number(a.now)).filter(isAgain));
  return variations.filter((variation) => !again.has(variation));
}

/** The rails that a study counts; undefined where it cannot. */
function countedRails(
  settings: StudySettings,
  { small, large }: Pick<StudyInputs, 'small' | 'large'>,
): string | undefined {
  const { boundary, idle = 'gross', stated } = settings;
  try {
    const { rails } = isJoint(settings)
      ? commonBoundary(
          [
            { profile: small, stated: stated?.small },
            { profile: large, stated: stated?.large },
          ],
          boundary,
          idle,
        )
      : comparedRails(small, large, boundary);
    return rails.join();
  } catch (thrown) {
    if (errorData(thrown).kind === 'internal') throw thrown;
    return undefined;
  }
}

/**
 * Runs variations on the same inputs; what cannot be is an answer too. What several of them rest on is prepared once.
 * @param progress told after each, how many are done
 */
export function answerVariations(
  variations: readonly Variation[],
  inputs: StudyInputs,
  { progress }: { readonly progress?: (done: number) => void } = {},
): VariationAnswer[] {
  let prepared: PreparedJoint | undefined;
  return variations.map((variation, i) => {
    const { factor, value, now, settings } = variation;
    const what = { factor, value, now };
    try {
      checkAsked(settings, inputs);
      if (isJoint(settings) && !(prepared && fits(prepared, settings, inputs))) {
        prepared = prepareJoint(settings, inputs);
      }
      const { verdict, best, extrapolated } = answer(settings, inputs, prepared);
      return {
        ...what,
        kind: verdict.kind,
        best: bare(best),
        saving: verdict.saving,
        bestSingle: verdict.bestSingle,
        extrapolated,
      };
    } catch (thrown) {
      const { kind, message } = errorData(thrown);
      if (kind === 'internal') throw thrown;
      return { ...what, kind: 'impossible', why: message };
    } finally {
      progress?.(i + 1);
    }
  });
}

/** What `analyse` says of a study in short, without all that it says beside it. */
function answer(
  settings: StudySettings,
  inputs: StudyInputs,
  prepared: PreparedJoint | undefined,
): Pick<StudyResult, 'verdict' | 'extrapolated'> & { readonly best: PolicyOutcome } {
  if (isJoint(settings)) return answerJoint(settings, inputs, prepared);
  const { verdict, extrapolated } = analyse(settings, inputs);
  return { verdict, extrapolated, best: paperParts(settings, inputs).best.best };
}

/** A policy without its costs. */
function bare({ policy, threshold, outputThreshold, product }: PolicyChoice): PolicyChoice {
  return {
    policy,
    threshold,
    ...(outputThreshold === undefined ? {} : { outputThreshold }),
    ...(product === undefined ? {} : { product }),
  };
}

/** The question of a study alone: which threshold is best. No policy settled on, no devices, no intervals. */
export function bareSettings(study: StudySettings): StudySettings {
  const gone = ['chosen', 'capacity', 'bootstrap', 'seed'];
  const settings = Object.fromEntries(
    Object.entries(study).filter(([key]) => !gone.includes(key)),
  ) as StudySettings;
  const isThreshold = THRESHOLD_FAMILIES.some((family) => family === settings.policy);
  return isThreshold ? settings : { ...settings, policy: 'all' };
}
