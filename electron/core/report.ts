import type { CapacityResult } from './analysis/capacityStudy.ts';
import { paperProblem } from './paperStudy.ts';
import { isJoint } from './analysis/jointSetUp.ts';
import type { PolicyChoice } from './analysis/policyChoice.ts';
import type { Interval95, Uncertainty } from './analysis/uncertainty.ts';
import { boundaryName, type Assumption } from './assumptions.ts';
import type { CurvePoint } from './energyModel.ts';
import type { SweepPoint, Totals } from './policy.ts';
import type { Axis, Boundary, Cell, Profile, Rail } from './profile.ts';
import { jointMethod, modelName } from './reportJoint.ts';
import { intervalsMethod, studyLimits, studyMethod, type Passage } from './reportMethod.ts';
import { sum } from './statistics.ts';
import {
  type PolicyAxis,
  type Savings,
  type Study,
  type StudyInputs,
  type StudyResult,
  type StudySettings,
} from './study.ts';
import { distinctMeasurements } from './trialValues.ts';
import { kilowattHours, type Joules, type KilowattHours, type Seconds } from './units.ts';
import { objectiveName, type Verdict } from './verdict.ts';
import {
  lengthCorrelation,
  marginal,
  queryCount,
  summarise,
  type LengthSummary,
  type Workload,
} from './workload.ts';

/**
 * Where a figure comes from: measured on a system by this lab, published by others, counted in a workload,
 * estimated, computed by an energy model, or assumed by whoever set up the study.
 */
export type Origin = 'measured' | 'published' | 'counted' | 'estimated' | 'modelled' | 'assumed';

/** A kind of figure in the report with where it comes from. */
export interface FigureOrigin {
  readonly figures: string;
  readonly origin: Origin;
  readonly why: string;
}

/** One of the two systems, as its profile describes it. */
export interface ReportSystem {
  readonly role: 'small' | 'large';
  /** short name, told apart from the other system's */
  readonly label: string;
  readonly name: string;
  readonly hardware: string;
  readonly place: Profile['system']['place'];
  readonly model: string;
  readonly conditions: Profile['conditions'];
  readonly design: Profile['design'];
  readonly cells: number;
  /** trials over all cells */
  readonly trials: number;
  readonly rails: readonly Rail[];
  readonly boundary: Boundary;
  readonly boundaryNote: string;
  readonly origin: Origin;
  readonly profile: { readonly id: string; readonly name: string; readonly sha256: string };
  readonly source: Profile['source'];
  readonly notes: readonly string[];
}

/** The workload, in numbers of queries and tokens. */
export interface ReportWorkload {
  readonly id: string;
  readonly name: string;
  readonly sha256: string;
  readonly origin: Origin;
  /** fractional where modelled */
  readonly queries: number;
  /** distinct (m, n) */
  readonly pairs: number;
  readonly input: LengthSummary;
  readonly output: LengthSummary;
  /** Pearson's, of input and output tokens; null where one of them does not vary */
  readonly correlation: number | null;
  readonly tokenizer: string | null;
  readonly licence: string;
  readonly source: string;
  readonly upstream: string;
  readonly note: string;
}

/** A policy with what it costs over the whole workload. Savings are fractions. */
export interface ReportPolicy extends PolicyChoice {
  readonly axis: PolicyAxis;
  readonly energyJ: Joules;
  readonly energyKwh: KilowattHours;
  readonly runtimeS: Seconds;
  readonly cost: number;
  readonly saving: Savings;
  readonly savingEnergy: Savings;
  readonly savingRuntime: Savings;
  /** cost above that of the per-query optimum, a fraction of it */
  readonly regret?: number | null | undefined;
  /** the user settled on it */
  readonly chosen?: true | undefined;
  /** of `saving.vsBestSingle`, where it was computed */
  readonly interval95?: Interval95 | undefined;
}

/** Both systems' curves of the paper's model along one axis; a joint model has none. */
export interface ReportCurves {
  readonly axis: Axis;
  readonly small: readonly CurvePoint[];
  readonly large: readonly CurvePoint[];
}

/** What a study found beside its answer; what its energy model does not give is absent. */
export type ReportSensitivity = Pick<
  StudyResult,
  'flips' | 'pareto' | 'paretoFound' | 'models' | 'unknownOutput' | 'negative'
>;

/** The name of the schema of a report's JSON. Fields are added to it, never renamed. */
export const REPORT_SCHEMA_ID = 'urn:crossover:schema:report:1';

/** A study's report as plain data: everything that its HTML shows, and more digits. */
export interface ReportDocument {
  /** names its JSON Schema, which is published as build/schemas/report.schema.json */
  readonly $schema: typeof REPORT_SCHEMA_ID;
  readonly format: 'crossover-report';
  readonly version: 1;
  readonly title: string;
  readonly question: string;
  readonly verdict: Verdict;
  /** what the study saves, in a word: "energy", "runtime" or the cost at its λ */
  readonly objective: string;
  readonly study: {
    readonly id: string;
    readonly settings: StudySettings;
    readonly boundary: { readonly id: Boundary; readonly name: string; readonly rails: readonly Rail[] };
    readonly hashes: Study['hashes'];
  };
  readonly systems: { readonly small: ReportSystem; readonly large: ReportSystem };
  readonly workload: ReportWorkload;
  readonly policies: readonly ReportPolicy[];
  /** the thresholds looked at, with both single systems; `best` is the point of least cost */
  readonly sweep: {
    readonly axis: Axis;
    readonly points: readonly SweepPoint[];
    readonly best: SweepPoint;
    /** share of the queries that the proposed threshold sends to the small system; without one, that `best` does */
    readonly shareToSmall: number;
    readonly small: Totals;
    readonly large: Totals;
  };
  readonly curves: readonly ReportCurves[];
  /** the optimum that the devices can carry, where they were told */
  readonly capacity?: CapacityResult | undefined;
  /** shares beyond the measured range */
  readonly extrapolated: { readonly queries: number; readonly energy: number };
  /** intervals, and what decides them, where they were computed */
  readonly uncertainty?: Uncertainty | undefined;
  /** what else the answer depends on: λ, an output that is not known, the models' errors */
  readonly sensitivity: ReportSensitivity;
  /** the measured cells of both profiles, from which every number above comes */
  readonly cells: { readonly small: readonly Cell[]; readonly large: readonly Cell[] };
  readonly assumptions: readonly Assumption[];
  readonly origins: readonly FigureOrigin[];
  readonly method: readonly Passage[];
  readonly limits: readonly Passage[];
  readonly command: string;
  readonly versions: { readonly crossover: string };
}

/** What a report is made from. */
export interface ReportInput {
  readonly study: Study;
  readonly inputs: StudyInputs;
  readonly title: string;
  readonly versions: { readonly crossover: string };
  /** the command line that repeats the study */
  readonly command: string;
}

/**
 * The report of a study. It follows from its input alone: no clock, no chance, so the same study gives the same
 * report to the last character.
 */
export function buildReport({ study, inputs, title, versions, command }: ReportInput): ReportDocument {
  const { settings, hashes, result } = study;
  const labels = systemLabels(inputs);
  const objective = objectiveName(settings);
  const single = (policy: 'small' | 'large'): Totals => {
    const { energyJ, runtimeS, cost } = result.policies.find(
      (outcome) => outcome.policy === policy && outcome.axis === result.axis,
    )!;
    return { energyJ, runtimeS, cost };
  };
  const best = result.sweep.reduce((a, b) => (b.cost < a.cost ? b : a));
  const followed: PolicyChoice =
    result.verdict.threshold === null
      ? {
          policy: result.axis === 'input' ? 'threshold-in' : 'threshold-out',
          threshold: best.threshold,
        }
      : result.verdict;
  const axes = isJoint(settings)
    ? []
    : [...new Set(result.policies.map(({ axis }) => axis))].filter((axis) => axis !== 'joint');
  return {
    $schema: REPORT_SCHEMA_ID,
    format: 'crossover-report',
    version: 1,
    title,
    question:
      `Which queries of ${inputs.workload.name} belong on the ${labels.small}, and which on the ` +
      `${labels.large}, to spend the least ${objective}?`,
    verdict: result.verdict,
    objective,
    study: {
      id: study.id,
      settings,
      boundary: { id: result.boundary, name: boundaryName(result.boundary), rails: result.rails },
      hashes,
    },
    systems: {
      small: describeSystem('small', labels.small, inputs.small, hashes.small),
      large: describeSystem('large', labels.large, inputs.large, hashes.large),
    },
    workload: describeWorkload(inputs.workload, hashes.workload),
    policies: result.policies.map((outcome) => ({ ...outcome, energyKwh: kilowattHours(outcome.energyJ) })),
    sweep: {
      axis: result.axis,
      points: result.sweep,
      best,
      shareToSmall: shareWithin(inputs.workload, followed),
      small: single('small'),
      large: single('large'),
    },
    curves: axes.map((axis) => {
      const { small, large } = paperProblem(inputs, axis, result.rails).curves;
      return { axis, small: small.points, large: large.points };
    }),
    ...(result.capacity === undefined ? {} : { capacity: result.capacity }),
    extrapolated: result.extrapolated,
    ...(result.uncertainty === undefined ? {} : { uncertainty: result.uncertainty }),
    sensitivity: sensitivityOf(result),
    cells: { small: inputs.small.cells, large: inputs.large.cells },
    assumptions: result.assumptions,
    origins: figureOrigins(inputs, labels, settings),
    method: [
      ...(isJoint(settings)
        ? jointMethod(settings, result, result.rails, labels)
        : studyMethod(settings, result.rails, labels, axes)),
      ...intervalsMethod(settings, inputs, labels, result),
    ],
    limits: studyLimits(settings, inputs, result),
    command,
    versions,
  };
}

function sensitivityOf(result: StudyResult): ReportSensitivity {
  const { flips, pareto, paretoFound, models, unknownOutput, negative } = result;
  return { flips, pareto, paretoFound, models, unknownOutput, negative };
}

/** The share of the queries that a threshold sends to the small system. */
function shareWithin(workload: Workload, choice: PolicyChoice): number {
  const { policy, threshold, outputThreshold, product } = choice;
  const within = (m: number, n: number): boolean => {
    switch (policy) {
      case 'threshold-out':
        return n <= threshold!;
      case 'threshold-both':
        return m <= threshold! && n <= outputThreshold!;
      case 'threshold-product':
        return m * n <= product!;
      default:
        return m <= threshold!;
    }
  };
  const small = workload.pairs.filter(([m, n]) => within(m, n));
  return sum(small.map(([, , count]) => count)) / queryCount(workload);
}

/** Short names of both systems; where they are the same, with what tells them apart. */
export function systemLabels({ small, large }: Pick<StudyInputs, 'small' | 'large'>): {
  small: string;
  large: string;
} {
  if (small.system.label !== large.system.label) {
    return { small: small.system.label, large: large.system.label };
  }
  if (small.model.name !== large.model.name) {
    const named = (profile: Profile): string => `${profile.system.label}, ${profile.model.name}`;
    return { small: named(small), large: named(large) };
  }
  return small.name === large.name
    ? { small: small.id, large: large.id }
    : { small: small.name, large: large.name };
}

/** Where a profile's figures come from: estimated if it says so, published if its source has a publication. */
export function profileOrigin(profile: Profile): 'measured' | 'published' | 'estimated' {
  if (profile.estimate) return 'estimated';
  return profile.source.doi === undefined && profile.source.arxiv === undefined ? 'measured' : 'published';
}

function describeSystem(
  role: ReportSystem['role'],
  label: string,
  profile: Profile,
  sha256: string,
): ReportSystem {
  return { role, ...describeProfile(label, profile, sha256) };
}

/** A system as its profile describes it. @param label short name, told apart from the others' */
export function describeProfile(label: string, profile: Profile, sha256: string): Omit<ReportSystem, 'role'> {
  const measured = distinctMeasurements(profile.cells);
  return {
    label,
    name: profile.system.name,
    hardware: profile.system.hardware,
    place: profile.system.place,
    model: profile.model.name,
    conditions: profile.conditions,
    design: profile.design,
    cells: measured.length,
    trials: measured.reduce((total, cell) => total + cell.trials, 0),
    rails: profile.rails,
    boundary: profile.boundary,
    boundaryNote: profile.boundaryNote,
    origin: profileOrigin(profile),
    profile: { id: profile.id, name: profile.name, sha256 },
    source: profile.source,
    notes: profile.notes,
  };
}

/** A workload in numbers of queries and tokens. */
export function describeWorkload(workload: Workload, sha256: string): ReportWorkload {
  const correlation = lengthCorrelation(workload);
  return {
    id: workload.id,
    name: workload.name,
    sha256,
    origin: workload.modelled ? 'modelled' : 'counted',
    queries: queryCount(workload),
    pairs: workload.pairs.length,
    input: summarise(marginal(workload, 'input')),
    output: summarise(marginal(workload, 'output')),
    correlation: Number.isFinite(correlation) ? correlation : null,
    tokenizer: workload.tokenizer,
    licence: workload.licence,
    source: workload.source,
    upstream: workload.upstream,
    note: workload.note,
  };
}

function figureOrigins(
  { small, large, workload }: StudyInputs,
  labels: { small: string; large: string },
  { energyModel, stated }: StudySettings,
): FigureOrigin[] {
  const ofProfile = (profile: Profile, label: string): FigureOrigin => {
    const origin = profileOrigin(profile);
    const why: Record<typeof origin, string> = {
      published: 'means over the trials of the publication named under Sources; nothing was measured anew',
      measured: 'means over the trials of the profile, as its file holds them',
      estimated: 'the profile calls its energies an estimate, not a measurement',
    };
    return { figures: `Energy and runtime of the ${label}, cell by cell`, origin, why: why[origin] };
  };
  return [
    ofProfile(small, labels.small),
    ofProfile(large, labels.large),
    {
      figures: 'Queries and their tokens',
      origin: workload.modelled ? 'modelled' : 'counted',
      why: workload.modelled
        ? workload.note
        : workload.tokenizer === null
          ? 'token counts as their source published them'
          : `counted with the ${workload.tokenizer} tokenizer`,
    },
    {
      figures: 'Energy, runtime, cost and savings over the workload',
      origin: 'modelled',
      why: `computed by ${modelName(energyModel)} from the figures above; see Method`,
    },
    ...(stated === undefined
      ? []
      : [
          {
            figures: 'Energies that a profile lacks, idle power, PUE',
            origin: 'assumed' as const,
            why: 'stated in the settings of the study; see What it rests on',
          },
        ]),
    {
      figures: 'λ, the boundary, the candidates for a threshold and the least useful saving',
      origin: 'assumed',
      why: 'chosen in the settings of the study',
    },
  ];
}
