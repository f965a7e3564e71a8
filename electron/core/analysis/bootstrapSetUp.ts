import { LabError } from '../errors.ts';
import type { CostForm } from '../policy.ts';
import { paperParts, type PaperPart } from '../paperStudy.ts';
import { axisCells, type Profile } from '../profile.ts';
import { MOST_REPLICATES, type PolicyOutcome, type StudyInputs, type StudySettings } from '../study.ts';
import { roundRobinShares } from './baselines.ts';
import {
  binsOf,
  classesOf,
  thinned,
  type BootstrapPart,
  type BootstrapSetUp,
  type DrawnCapacity,
  type DrawnPolicy,
  type DrawnSystem,
  type FamilySearch,
} from './bootstrapPart.ts';
import { capacityShares, type Capacity } from './capacity.ts';
import { samePolicy, withChosen } from './chosenPolicy.ts';
import { cellSpread } from './cellSpread.ts';
import { energyCells, runtimeCells, type CostCell, type EnergyRule } from './costCells.ts';
import { costPlan, paperPlan, type CostPlan } from './costPlan.ts';
import { isJoint, jointSetUp, powerOfTwoRules, type JointSettings, type JointSetUp } from './jointSetUp.ts';
import { judgePolicies } from './jointStudy.ts';
import type { CostTable } from './costTable.ts';
import type { Solve } from './linearProgram.ts';
import type { JointModelName } from './model.ts';
import { pairTable, type LengthIndex, type PairTable } from './pairs.ts';
import { policyChoice, type PolicyChoice } from './policyChoice.ts';
import { resamplingOf } from './resample.ts';
import { assign, shares, type Rule, type ThresholdFamily } from './rules.ts';

/**
 * Everything that a bootstrap of a study needs. Plain data, so that its replicates can be computed elsewhere.
 * @param solve a solver of linear programs; without one, devices that were told count for nothing
 * @throws LabError as `analyse` does, and "infeasible" when the devices cannot carry the queries
 */
export function bootstrapSetUp(settings: StudySettings, inputs: StudyInputs, solve?: Solve): BootstrapSetUp {
  if (isJoint(settings)) return { parts: [jointPart(settings, inputs, solve)], judged: 0 };
  const { rails, parts, best } = paperParts(settings, inputs);
  return {
    parts: parts.map((part) => paperPart(part, inputs, rails)),
    judged: parts.indexOf(best),
  };
}

function jointPart(settings: JointSettings, inputs: StudyInputs, solve: Solve | undefined): BootstrapPart {
  const setUp = jointSetUp(settings, inputs);
  const { problem, form, boundary } = setUp;
  const { outcomes, best, chosen, families } = judgePolicies(setUp);
  const { pairs } = problem.table;
  const systems = [inputs.small, inputs.large].map((profile, i) =>
    drawnSystem(profile, boundary.rules[i]!, settings.energyModel),
  );
  const judged = chosen ?? best;
  const found = withJudged(withChosen(outcomes, chosen), judged);
  const dealt = found.findIndex(({ policy }) => policy === 'round-robin');
  const capacity =
    settings.capacity === undefined || solve === undefined
      ? undefined
      : drawnCapacity(problem.table, form, {
          policy: found.length,
          devices: [settings.capacity.devices.small, settings.capacity.devices.large],
          arrivalRate: settings.capacity.arrivalRate,
          solve,
        });
  const policies: DrawnPolicy[] =
    capacity === undefined ? found : [...found, { policy: 'capacity', axis: 'joint', threshold: null }];
  return {
    axis: 'joint',
    pairs: { size: pairs.size, input: pairs.input, output: pairs.output },
    resampling: resamplingOf(pairs.count),
    systems,
    form: formOf(form),
    policies,
    ...classesOf(
      pairs.size,
      policies.map((policy) => {
        const rule = ruleOf(policy);
        return rule && assign(problem.table, rule, form);
      }),
    ),
    shared: [
      ...(dealt < 0 ? [] : [{ policy: dealt, share: roundRobinShares(problem.table) }]),
      ...(capacity === undefined ? [] : [capacity.shared]),
    ],
    ...(capacity === undefined ? {} : { capacity: capacity.drawn }),
    searches: families.map((family) => searchOf(setUp, family, policies)),
    hybrid: policies.findIndex((policy) => isSame(policy, judged)),
    singles: singlesAmong(policies),
  };
}

/** The most replicates in which the optimum under the capacity of more than two systems is found. */
export const MOST_CARRIED = 200;

/**
 * The optimum under capacity for the replicates: found anew in each; followed as the study found it where only how many
 * trials are behind it is asked for.
 * @throws LabError "infeasible" when the devices cannot carry the queries
 */
export function drawnCapacity(
  table: CostTable,
  form: CostForm,
  { policy, devices, arrivalRate, solve }: Capacity & { readonly policy: number; readonly solve: Solve },
): { readonly drawn: DrawnCapacity; readonly shared: BootstrapPart['shared'][number] } {
  return {
    drawn: {
      policy,
      devices,
      arrivalRate,
      replicates: devices.length === 2 ? MOST_REPLICATES : MOST_CARRIED,
    },
    shared: { policy, share: capacityShares(table, form, { devices, arrivalRate }, solve) },
  };
}

/** A system under a joint model, as a replicate draws it. */
export function drawnSystem(profile: Profile, rule: EnergyRule, model: JointModelName): DrawnSystem {
  const draws = (cells: readonly CostCell[]): DrawnSystem['energy'] => ({
    spread: cellSpread(cells),
    plan: planned(costPlan(model, cells)),
  });
  return {
    id: profile.id,
    cells: profile.cells.map(({ m, n, trials }) => ({ m, n, trials })),
    energy: draws(energyCells(profile, rule)),
    runtime: draws(runtimeCells(profile)),
  };
}

function paperPart(
  part: PaperPart,
  inputs: StudyInputs,
  rails: ReturnType<typeof paperParts>['rails'],
): BootstrapPart {
  const { problem, form, outcomes, best, chosen, sweep } = part;
  const { axis } = problem;
  const pairs = pairTable({
    name: inputs.workload.name,
    pairs: problem.lengths.map(([length, count]) => [length, 0, count]),
  });
  const systems = [inputs.small, inputs.large].map((profile): DrawnSystem => {
    const along = axisCells(profile, axis).map((cell) => profile.cells.indexOf(cell));
    const draws = (cells: readonly CostCell[], quantity: 'energy' | 'runtime'): DrawnSystem['energy'] => ({
      spread: cellSpread(cells),
      plan: paperPlan(cells, along, axis, quantity),
    });
    return {
      id: profile.id,
      cells: profile.cells.map(({ m, n, trials }) => ({ m, n, trials })),
      energy: draws(energyCells(profile, { rails, idle: 'gross' }), 'energy'),
      runtime: draws(runtimeCells(profile), 'runtime'),
    };
  });
  const judged = chosen ?? best;
  const policies = withJudged(withChosen(outcomes, chosen), judged);
  const thresholds = Float64Array.from(sweep, ({ threshold }) => threshold).sort();
  return {
    axis,
    pairs: { size: pairs.size, input: pairs.input, output: pairs.output },
    resampling: resamplingOf(pairs.count),
    systems,
    form: formOf(form),
    policies,
    ...classesOf(
      pairs.size,
      policies.map(({ policy, threshold }) =>
        Uint8Array.from(pairs.m, (length) =>
          threshold === null ? Number(policy === 'large') : Number(length > threshold),
        ),
      ),
    ),
    shared: [],
    searches: [
      {
        family: axis === 'input' ? 'threshold-in' : 'threshold-out',
        thresholds,
        binOf: binsOf(pairs.m, thresholds),
      },
    ],
    hybrid: policies.findIndex((policy) => isSame(policy, judged)),
    singles: singlesAmong(policies),
  };
}

function planned(plan: CostPlan | undefined): CostPlan {
  if (plan !== undefined) return plan;
  // The model was fitted to the same cells just before.
  throw new LabError('internal', 'A model that was fitted has no plan for its replicates.');
}

export const formOf = (form: Parameters<typeof shares>[0]): BootstrapPart['form'] => {
  const [perJoule, perSecond] = shares(form);
  return { perJoule, perSecond };
};

const isSame = (a: DrawnPolicy, b: DrawnPolicy): boolean => samePolicy(a, b) && a.axis === b.axis;

/** The policies of a study, the one that its verdict is about among them also where another was asked for. */
function withJudged(outcomes: readonly PolicyOutcome[], judged: PolicyOutcome): DrawnPolicy[] {
  const all = outcomes.some((outcome) => isSame(outcome, judged)) ? outcomes : [...outcomes, judged];
  return all.map(({ policy, axis, threshold, outputThreshold, product }) => ({
    policy,
    axis,
    threshold,
    ...(outputThreshold === undefined ? {} : { outputThreshold }),
    ...(product === undefined ? {} : { product }),
  }));
}

function singlesAmong(policies: readonly DrawnPolicy[]): number[] {
  return (['small', 'large'] as const).map((name) => policies.findIndex(({ policy }) => policy === name));
}

/** The rule behind a policy; undefined where it shares the queries out. */
function ruleOf({ policy, threshold, outputThreshold, product }: PolicyChoice): Rule | undefined {
  switch (policy) {
    case 'small':
    case 'large':
      return { policy: 'single', system: policy === 'small' ? 0 : 1 };
    case 'oracle':
      return { policy };
    case 'threshold-in':
    case 'threshold-out':
      return { policy, thresholds: [threshold!] };
    case 'threshold-product':
      return { policy, thresholds: [threshold!], products: [product!] };
    case 'threshold-both':
      return { policy, thresholds: [threshold!], outputThresholds: [outputThreshold!] };
    default:
      return undefined;
  }
}

/** The most thresholds along an axis that a replicate looks at where both must hold. */
const MOST_OF_BOTH = 512;

function searchOf(
  setUp: JointSetUp,
  family: ThresholdFamily,
  policies: readonly DrawnPolicy[],
): FamilySearch {
  const { pairs } = setUp.problem.table;
  const found = policies.find(({ policy }) => policy === family);
  const [input, output] = candidates(setUp, family, pairs);
  const kept = [[found?.threshold], [found?.outputThreshold]].map((each) => each.filter(isNumber));
  return familySearch(family, pairs, [input, output], { most: MOST_OF_BOTH, kept });
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

/**
 * The thresholds of one family that each replicate looks at.
 * @param candidates ascending; of the product T²; those on output tokens where both must hold
 * @param thinning where both must hold, at most so many along an axis, `kept` among them
 */
export function familySearch(
  family: ThresholdFamily,
  pairs: PairTable,
  [input, output]: readonly [Float64Array, Float64Array],
  { most, kept }: { readonly most: number; readonly kept: readonly (readonly number[])[] },
): FamilySearch {
  if (family === 'threshold-both') {
    const thresholds = thinned(input, most, kept[0]);
    const outputThresholds = thinned(output, most, kept[1]);
    return {
      family,
      thresholds,
      outputThresholds,
      binOf: binsOf(pairs.m, thresholds),
      outputBinOf: binsOf(pairs.n, outputThresholds),
    };
  }
  const values = {
    'threshold-in': pairs.m,
    'threshold-out': pairs.n,
    'threshold-product': Float64Array.from(pairs.m, (m, i) => m * pairs.n[i]!),
  }[family];
  return { family, thresholds: input, binOf: binsOf(values, input) };
}

/** The thresholds that the study looks at, ascending; of the product T². */
function candidates(
  setUp: JointSetUp,
  family: ThresholdFamily,
  pairs: PairTable,
): readonly [Float64Array, Float64Array] {
  const { axes } = setUp.problem;
  const sorted = (values: Iterable<number>): Float64Array => Float64Array.from(new Set(values)).sort();
  if (setUp.settings.thresholds === 'powers-of-two') {
    const choices = powerOfTwoRules(setUp, family).map(policyChoice);
    return [
      sorted(choices.map(({ threshold, product }) => product ?? threshold!)),
      sorted(choices.map(({ outputThreshold }) => outputThreshold ?? 0)),
    ];
  }
  return everyThreshold(axes, family, pairs);
}

/** Every whole threshold of a family that can change where a query goes, ascending; of the product T². */
export function everyThreshold(
  axes: JointSetUp['problem']['axes'],
  family: ThresholdFamily,
  pairs: PairTable,
): readonly [Float64Array, Float64Array] {
  // Below the least value nothing is sent.
  const all = ({ values }: LengthIndex): Float64Array => Float64Array.from([values[0]! - 1, ...values]);
  if (family === 'threshold-product') return [all(axes[family].index), new Float64Array()];
  return [all(family === 'threshold-out' ? pairs.output : pairs.input), all(pairs.output)];
}
