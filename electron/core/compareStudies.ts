import type { PolicyChoice } from './analysis/policyChoice.ts';
import { intervalsOf, type Interval95 } from './analysis/uncertainty.ts';
import { canonicalJson } from './canonicalJson.ts';
import { basisSize } from './displayUnits.ts';
import type { PolicyName } from './policy.ts';
import type { Profile } from './profile.ts';
import type { PolicyAxis, PolicyOutcome, Study, StudyInputs, StudySettings } from './study.ts';
import type { Verdict } from './verdict.ts';

/** A study as far as it is compared. */
export interface ComparedStudy {
  readonly study: Study;
  readonly inputs: StudyInputs;
  readonly title: string;
}

/** Something that two studies have, each in its own form. */
export interface Both<T> {
  readonly a: T;
  readonly b: T;
}

/** A setting that differs; null where a study leaves it at what it is without being said. */
export interface SettingDifference extends Both<unknown> {
  readonly setting: keyof StudySettings;
}

/** A profile or a workload that a study was computed from. */
export interface ComparedInput {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
}

/** An input that differs: another one, or the same one with other content. */
export interface InputDifference extends Both<ComparedInput> {
  readonly input: InputName;
}

/** Queries of a workload, and its input and output tokens together. */
export interface WorkloadSize {
  readonly queries: number;
  readonly tokens: number;
}

export type InputName = 'small' | 'large' | 'workload';

/** A system of a study, as far as it is named and coloured. */
export type ComparedSystem = Pick<Profile['system'], 'id' | 'label' | 'place'>;

/** What a policy costs in one study. */
export type ComparedPolicy = PolicyChoice &
  Pick<PolicyOutcome, 'energyJ' | 'runtimeS' | 'cost' | 'saving'> & {
    /** 95% intervals, where the study has them */
    readonly intervals95?: ComparedIntervals;
  };

/** The 95% intervals of a policy in one study; where its best threshold may lie, for one that has a threshold. */
export interface ComparedIntervals {
  readonly energyJ: Interval95;
  readonly runtimeS: Interval95;
  /** of `saving.vsBestSingle` */
  readonly saving: Interval95;
  readonly threshold?: Interval95;
  readonly outputThreshold?: Interval95;
}

/** A policy of either study; what it costs in b against a, null where one of them does not have it. */
export interface PolicyDifference extends Both<ComparedPolicy | null> {
  readonly policy: PolicyName;
  readonly axis: PolicyAxis;
  /** how much more energy than in a, a fraction of a's */
  readonly energyChange: number | null;
  readonly runtimeChange: number | null;
}

/** A study's answer. */
export type ComparedVerdict = PolicyChoice &
  Pick<Verdict, 'kind' | 'text' | 'saving' | 'interval95' | 'bestSingle'>;

/** Two studies side by side. */
export interface StudyComparison {
  /** id and title of each */
  readonly studies: Both<{ readonly id: string; readonly title: string }>;
  /** settings that differ; inputs are told apart by themselves */
  readonly settings: readonly SettingDifference[];
  readonly inputs: readonly InputDifference[];
  /** inputs that are the very same in both, by their hash */
  readonly sameInputs: readonly (ComparedInput & { readonly input: InputName })[];
  /** how large each workload is, for energies per query or token */
  readonly sizes: Both<WorkloadSize>;
  readonly systems: Both<Readonly<Record<'small' | 'large', ComparedSystem>>>;
  readonly policies: readonly PolicyDifference[];
  readonly verdict: Both<ComparedVerdict> & {
    /** the same policy with the same threshold is to be followed */
    readonly same: boolean;
  };
  /** share of the queries beyond the measured range */
  readonly extrapolated: Both<number>;
  /** sentences on what one of them rests on and the other does not */
  readonly assumptions: Both<readonly string[]>;
  /** whether the costs are in the same units, so that they may be set side by side */
  readonly sameCost: boolean;
}

const INPUTS: readonly InputName[] = ['small', 'large', 'workload'];

/** Sets two studies side by side: what differs in their settings and inputs, and in what came out. */
export function compareStudies(a: ComparedStudy, b: ComparedStudy): StudyComparison {
  const [one, two] = [a.study, b.study];
  const keys = new Set([
    ...Object.keys(one.settings),
    ...Object.keys(two.settings),
  ] as (keyof StudySettings)[]);
  const differs = (left: unknown, right: unknown): boolean =>
    canonicalJson([left]) !== canonicalJson([right]);
  const settings = [...keys]
    .filter((key) => !INPUTS.some((input) => input === key) && differs(one.settings[key], two.settings[key]))
    .sort()
    .map((setting): SettingDifference => ({
      setting,
      a: one.settings[setting] ?? null,
      b: two.settings[setting] ?? null,
    }));
  const input = ({ study, inputs }: ComparedStudy, which: InputName): ComparedInput => ({
    id: inputs[which].id,
    name: inputs[which].name,
    hash: study.hashes[which],
  });
  const only = (of: Study, other: Study): string[] =>
    of.result.assumptions
      .map(({ message }) => message)
      .filter((message) => other.result.assumptions.every((each) => each.message !== message));
  const verdicts = { a: verdictIn(one), b: verdictIn(two) };
  return {
    studies: { a: { id: one.id, title: a.title }, b: { id: two.id, title: b.title } },
    settings,
    inputs: INPUTS.filter((which) => one.hashes[which] !== two.hashes[which]).map((which) => ({
      input: which,
      a: input(a, which),
      b: input(b, which),
    })),
    sameInputs: INPUTS.filter((which) => one.hashes[which] === two.hashes[which]).map((which) => ({
      input: which,
      ...input(a, which),
    })),
    sizes: { a: sizeOf(a), b: sizeOf(b) },
    systems: { a: systemsOf(a), b: systemsOf(b) },
    policies: policyDifferences(one, two),
    verdict: { ...verdicts, same: !differs(choiceOf(verdicts.a), choiceOf(verdicts.b)) },
    extrapolated: { a: one.result.extrapolated.queries, b: two.result.extrapolated.queries },
    assumptions: { a: only(one, two), b: only(two, one) },
    sameCost:
      one.settings.lambda === two.settings.lambda &&
      one.settings.cost === two.settings.cost &&
      (one.settings.cost === 'raw' || settings.length + differing(one, two) === 0),
  };
}

function sizeOf({ inputs: { workload } }: ComparedStudy): WorkloadSize {
  return { queries: basisSize('query', workload), tokens: basisSize('token', workload) };
}

function systemsOf({ inputs }: ComparedStudy): Record<'small' | 'large', ComparedSystem> {
  const of = ({ system: { id, label, place } }: Profile): ComparedSystem => ({ id, label, place });
  return { small: of(inputs.small), large: of(inputs.large) };
}

function differing(one: Study, two: Study): number {
  return INPUTS.filter((which) => one.hashes[which] !== two.hashes[which]).length;
}

/** A choice alone, without what is beside it. */
function choiceOf({ policy, threshold, outputThreshold, product }: PolicyChoice): PolicyChoice {
  return {
    policy,
    threshold,
    ...(outputThreshold === undefined ? {} : { outputThreshold }),
    ...(product === undefined ? {} : { product }),
  };
}

function verdictIn({ result: { verdict } }: Study): ComparedVerdict {
  const { kind, text, saving, interval95, bestSingle } = verdict;
  return {
    ...choiceOf(verdict),
    kind,
    text,
    saving,
    ...(interval95 === undefined ? {} : { interval95 }),
    bestSingle,
  };
}

function policyDifferences(one: Study, two: Study): PolicyDifference[] {
  const joint = [one, two].some(({ settings }) => settings.energyModel !== 'paper');
  // Under a joint model a policy has one line; the paper's has one for each axis.
  const key = ({ policy, axis }: PolicyOutcome): string => (joint ? policy : `${policy} ${axis}`);
  const lines = (study: Study): Map<string, PolicyOutcome> => {
    const all = new Map<string, PolicyOutcome>();
    for (const outcome of study.result.policies) if (!all.has(key(outcome))) all.set(key(outcome), outcome);
    return all;
  };
  const [left, right] = [lines(one), lines(two)];
  return [...new Set([...left.keys(), ...right.keys()])].map((each) => {
    const [a, b] = [left.get(each), right.get(each)];
    const { policy, axis } = (a ?? b)!;
    const change = (of: 'energyJ' | 'runtimeS'): number | null =>
      a === undefined || b === undefined || !(a[of] > 0) ? null : b[of] / a[of] - 1;
    return {
      policy,
      axis,
      a: a === undefined ? null : compared(a, one),
      b: b === undefined ? null : compared(b, two),
      energyChange: change('energyJ'),
      runtimeChange: change('runtimeS'),
    };
  });
}

function compared(outcome: PolicyOutcome, { result: { uncertainty } }: Study): ComparedPolicy {
  const { energyJ, runtimeS, cost, saving } = outcome;
  const found = uncertainty === undefined ? undefined : intervalsOf(uncertainty, outcome);
  return {
    ...choiceOf(outcome),
    energyJ,
    runtimeS,
    cost,
    saving,
    ...(found === undefined
      ? {}
      : {
          intervals95: {
            energyJ: found.energyJ,
            runtimeS: found.runtimeS,
            saving: found.saving.vsBestSingle,
            ...(found.best === undefined ? {} : { threshold: found.best.threshold }),
            ...(found.best?.outputThreshold === undefined
              ? {}
              : { outputThreshold: found.best.outputThreshold }),
          },
        }),
  };
}
