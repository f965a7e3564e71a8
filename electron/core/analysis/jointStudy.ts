import { LabError } from '../errors.ts';
import { formatNumber } from '../format.ts';
import { saving, type PolicyName, type SweepPoint, type Totals } from '../policy.ts';
import type { Axis } from '../profile.ts';
import type { ModelSummary, PolicyAxis, PolicyOutcome, Savings, StudyInputs, StudyResult } from '../study.ts';
import { chosenVerdict } from '../chosenVerdict.ts';
import { verdictOf } from '../verdict.ts';
import { randomTotals, roundRobinTotals } from './baselines.ts';
import { runtimeCells, energyCells } from './costCells.ts';
import { heldOutError } from './fitModel.ts';
import { doubtfulShares } from './doubtfulShares.ts';
import { flipsOf } from './flips.ts';
import { hullEnvelope } from './envelope.ts';
import { exactFront, nonDominated, type RuleLine } from './front.ts';
import { jointAssumptions, modelCondition } from './jointAssumptions.ts';
import {
  bestRule,
  jointSetUp,
  powerOfTwoRules,
  type JointSettings,
  type JointSetUp,
  type PreparedJoint,
} from './jointSetUp.ts';
import { paretoFront } from './pareto.ts';
import { chosenOutcome, chosenRule, withChosen } from './chosenPolicy.ts';
import { policyChoice } from './policyChoice.ts';
import { inputOnlyPolicies, outputRanks, predictionCurves, predictionLoss } from './prediction.ts';
import { ruleTotals, THRESHOLD_FAMILIES, totalsFrom, type Rule, type ThresholdFamily } from './rules.ts';
import { intervalCondition, withIntervals, type Uncertainty } from './uncertainty.ts';

/**
 * Runs a study under a model that looks at m and n together. Everything follows from the settings and the inputs.
 * @param prepared where the same problem was prepared before, for another λ or policy
 * @param uncertainty of this very study, where it was computed
 * @throws LabError "bad-setting", "bad-profile", "bad-workload" or "incompatible" with the reason
 */
export function analyseJoint(
  settings: JointSettings,
  inputs: StudyInputs,
  prepared?: PreparedJoint,
  uncertainty?: Uncertainty,
): StudyResult {
  const setUp = jointSetUp(settings, inputs, prepared);
  const { boundary, problem, form } = setUp;
  const { families, rules, axis, outcomes, best, chosen } = judgePolicies(setUp);
  const asked = `${settings.thresholds} ${families.join(' ')}`;
  const front = setUp.once(`front ${asked}`, () => frontOf(setUp, families));
  const followed = settings.chosen ? chosenRule(settings.chosen) : followedRule(setUp, best, rules);
  const shares = doubtfulShares(setUp, followed);
  const models = setUp.once('models', () => [modelSummary(setUp, 0), modelSummary(setUp, 1)] as const);
  const followedPolicy = chosen?.policy ?? best.policy;
  const knowsInput = followedPolicy === 'threshold-in' || chosen?.threshold === null;
  const unknownOutput = knowsInput ? undefined : unknownOutputLoss(setUp);
  return {
    boundary: boundary.boundary,
    rails: boundary.rails,
    policies: withIntervals(withChosen(outcomes, chosen), uncertainty),
    axis,
    sweep: sweepOf(setUp, axis),
    verdict: chosen
      ? chosenVerdict(
          settings,
          inputs,
          { outcomes, chosen, best },
          modelCondition(settings, chosen) + intervalCondition(uncertainty),
          uncertainty?.saving95,
        )
      : verdictOf(
          settings,
          inputs,
          outcomes,
          best,
          modelCondition(settings, best) + intervalCondition(uncertainty),
          uncertainty?.saving95,
        ),
    extrapolated: shares.extrapolated,
    negative: shares.negative,
    flips: setUp.once(`flips ${settings.cost} ${asked}`, () =>
      flipsOf(hullEnvelope(front, form)).map(({ lambda, from, to }) => ({
        lambda,
        from: policyChoice(from.rule),
        to: policyChoice(to.rule),
      })),
    ),
    pareto: setUp.once(`pareto ${asked}`, () =>
      paretoFront(problem, 200, front).points.map(({ rule, energyJ, runtimeS, convex }) => ({
        ...policyChoice(rule),
        energyJ,
        runtimeS,
        convex,
      })),
    ),
    paretoFound: front.length,
    models: { small: models[0], large: models[1] },
    ...(unknownOutput === undefined ? {} : { unknownOutput }),
    ...(uncertainty === undefined ? {} : { uncertainty }),
    assumptions: jointAssumptions(setUp, { best, models, shares, unknownOutput, uncertainty }),
  };
}

/**
 * What a joint study answers in short, without the front, the flips and all else that `analyseJoint` says beside it: its
 * verdict, its best threshold, and what of that lies beyond the measurements. The settings settle on no policy.
 * @throws LabError as `analyseJoint`
 */
export function answerJoint(
  settings: JointSettings,
  inputs: StudyInputs,
  prepared?: PreparedJoint,
): Pick<StudyResult, 'verdict' | 'extrapolated'> & { readonly best: PolicyOutcome } {
  const setUp = jointSetUp(settings, inputs, prepared);
  const { outcomes, best, rules } = judgePolicies(setUp);
  return {
    verdict: verdictOf(settings, inputs, outcomes, best, modelCondition(settings, best)),
    best,
    extrapolated: doubtfulShares(setUp, followedRule(setUp, best, rules)).extrapolated,
  };
}

/** What a joint study found about its policies. */
export interface JudgedPolicies {
  readonly families: readonly ThresholdFamily[];
  /** the best of each family */
  readonly rules: ReadonlyMap<ThresholdFamily, Rule>;
  /** the axis whose sweep is shown */
  readonly axis: Axis;
  /** the single systems, and what was asked for */
  readonly outcomes: readonly PolicyOutcome[];
  /** the best threshold, asked for or not */
  readonly best: PolicyOutcome;
  /** what the user settled on */
  readonly chosen: PolicyOutcome | undefined;
}

/** Finds the best rule of each family that is asked for, and what every policy costs. */
export function judgePolicies(setUp: JointSetUp): JudgedPolicies {
  const { policy, chosen } = setUp.settings;
  const families = askedFamilies(policy);
  const rules = new Map(families.map((family) => [family, bestRule(setUp, family)]));
  const axis = sweepAxis(setUp, rules);
  const judge = judgeOf(setUp, axis);
  const outcomes = outcomesOf(setUp, judge, rules);
  const thresholds = families.map((family) => judge(family, rules.get(family)!));
  const best = thresholds.reduce((a, b) => (b.cost < a.cost - SAME * Math.abs(a.cost) ? b : a));
  return {
    families,
    rules,
    axis,
    outcomes,
    best,
    chosen: chosen && chosenOutcome(judge, chosenRule(chosen)),
  };
}

/** Costs closer than this, relatively, count as the same, and the simpler policy is taken. */
const SAME = 1e-12;

/** The families among which a study looks: the one asked for, or all. */
export function askedFamilies(policy: JointSettings['policy']): readonly ThresholdFamily[] {
  const asked = THRESHOLD_FAMILIES.find((family) => family === policy);
  return asked === undefined ? THRESHOLD_FAMILIES : [asked];
}

/** The axis whose sweep is shown: the one asked for, or the better of the two. */
function sweepAxis(setUp: JointSetUp, rules: ReadonlyMap<ThresholdFamily, Rule>): Axis {
  if (rules.size === 1 && rules.has('threshold-in')) return 'input';
  if (rules.size === 1 && rules.has('threshold-out')) return 'output';
  const cost = (family: 'threshold-in' | 'threshold-out'): number =>
    ruleTotals(setUp.problem.table, rules.get(family) ?? bestRule(setUp, family), setUp.form).cost;
  return cost('threshold-out') < cost('threshold-in') ? 'output' : 'input';
}

type Judge = (policy: PolicyName, of: Rule | Totals) => PolicyOutcome;

/**
 * What a policy costs beside the single systems and the oracle.
 * @throws LabError "incompatible" when a single system costs nothing or less, so that no saving can be told
 */
function judgeOf(setUp: JointSetUp, sweep: Axis): Judge {
  const { problem, form, settings, inputs } = setUp;
  const { table } = problem;
  const small = fixedTotals(setUp, 'small');
  const large = fixedTotals(setUp, 'large');
  const oracle = ruleTotals(table, { policy: 'oracle' }, form);
  const nothing = [small, large].find(
    ({ energyJ, runtimeS, cost }) => !(energyJ > 0 && runtimeS > 0 && cost > 0),
  );
  if (nothing !== undefined) {
    throw new LabError(
      'incompatible',
      `The ${settings.energyModel} model gives ${inputs.workload.name} ${formatNumber(nothing.energyJ)} J and ${formatNumber(nothing.runtimeS)} s ` +
        `on the ${(nothing === small ? inputs.small : inputs.large).system.label}, which cannot be.`,
      'Choose the grid or the physical model, which are never negative.',
    );
  }
  return (policy, of) => {
    const rule = 'policy' in of ? of : undefined;
    const totals =
      rule === undefined
        ? (of as Totals)
        : rule.policy === 'single'
          ? [small, large][rule.system]!
          : ruleTotals(table, rule, form);
    const savings = (part: (t: Totals) => number): Savings => ({
      vsBestSingle: saving(part(totals), Math.min(part(small), part(large))),
      vsLarge: saving(part(totals), part(large)),
      vsSmall: saving(part(totals), part(small)),
    });
    return {
      ...(rule === undefined ? { threshold: null } : policyChoice(rule)),
      policy,
      axis: axisOf(policy, sweep),
      ...totals,
      saving: savings((t) => t.cost),
      savingEnergy: savings((t) => t.energyJ),
      savingRuntime: savings((t) => t.runtimeS),
      regret: oracle.cost > 0 ? totals.cost / oracle.cost - 1 : null,
    };
  };
}

/** Totals of a policy that λ does not change: only their cost is new at each λ. */
function fixedTotals(
  { problem: { table }, form, once }: JointSetUp,
  policy: 'small' | 'large' | 'round-robin' | 'random',
): Totals {
  const { energyJ, runtimeS } = once(`totals ${policy}`, () => {
    switch (policy) {
      case 'small':
        return ruleTotals(table, { policy: 'single', system: 0 }, form);
      case 'large':
        return ruleTotals(table, { policy: 'single', system: 1 }, form);
      case 'round-robin':
        return roundRobinTotals(table, form);
      case 'random':
        return randomTotals(table, form);
    }
  });
  return totalsFrom(energyJ, runtimeS, form);
}

function axisOf(policy: PolicyName, sweep: Axis): PolicyAxis {
  if (policy === 'threshold-in') return 'input';
  if (policy === 'threshold-out') return 'output';
  return policy === 'small' || policy === 'large' ? sweep : 'joint';
}

/** The single systems, and what was asked for; asked for all: all. */
function outcomesOf(
  setUp: JointSetUp,
  judge: Judge,
  rules: ReadonlyMap<ThresholdFamily, Rule>,
): PolicyOutcome[] {
  const { settings } = setUp;
  const asked = (policy: PolicyName): boolean => settings.policy === 'all' || settings.policy === policy;
  const outcomes = [
    judge('small', { policy: 'single', system: 0 }),
    judge('large', { policy: 'single', system: 1 }),
  ];
  for (const [family, rule] of rules) if (asked(family)) outcomes.push(judge(family, rule));
  if (asked('oracle')) outcomes.push(judge('oracle', { policy: 'oracle' }));
  if (asked('round-robin')) outcomes.push(judge('round-robin', fixedTotals(setUp, 'round-robin')));
  if (asked('random')) outcomes.push(judge('random', fixedTotals(setUp, 'random')));
  return outcomes;
}

/** Every candidate that none other undercuts in both energy and runtime, the single systems among them. */
function frontOf(setUp: JointSetUp, families: readonly ThresholdFamily[]): RuleLine[] {
  const { problem, settings, form } = setUp;
  if (settings.thresholds === 'every-integer') return exactFront(problem, families);
  const rules: Rule[] = [
    { policy: 'single', system: 0 },
    { policy: 'single', system: 1 },
    ...families.flatMap((family) => powerOfTwoRules(setUp, family)),
  ];
  return nonDominated(
    rules.map((rule): RuleLine => {
      const { energyJ, runtimeS } = ruleTotals(problem.table, rule, form);
      return { rule, energyJ, runtimeS };
    }),
  );
}

/** The thresholds of one axis with their totals. */
function sweepOf(setUp: JointSetUp, axis: Axis): SweepPoint[] {
  const { problem, settings, form } = setUp;
  const family = axis === 'input' ? 'threshold-in' : 'threshold-out';
  if (settings.thresholds === 'powers-of-two') {
    return powerOfTwoRules(setUp, family).map((rule) => ({
      threshold: policyChoice(rule).threshold!,
      ...ruleTotals(problem.table, rule, form),
    }));
  }
  const { thresholds, energyJ, runtimeS } = problem.curves[family];
  return Array.from(thresholds, (threshold, t) => ({
    threshold,
    ...totalsFrom(energyJ[t]!, runtimeS[t]!, form),
  }));
}

/** The rule that the study's answer follows: the best threshold, or the single system asked for. */
function followedRule(
  { settings }: JointSetUp,
  best: PolicyOutcome,
  rules: ReadonlyMap<ThresholdFamily, Rule>,
): Rule {
  if (settings.policy === 'small') return { policy: 'single', system: 0 };
  if (settings.policy === 'large') return { policy: 'single', system: 1 };
  return rules.get(best.policy as ThresholdFamily)!;
}

/** How well the models of one side fit. */
function modelSummary({ systems, inputs, boundary, settings }: JointSetUp, side: 0 | 1): ModelSummary {
  const profile = side === 0 ? inputs.small : inputs.large;
  const { energy, runtime } = systems[side];
  const name = settings.energyModel;
  const part = (quantity: 'energy' | 'runtime'): ModelSummary['energy'] => {
    const model = quantity === 'energy' ? energy : runtime;
    const cells = quantity === 'energy' ? energyCells(profile, boundary.rules[side]!) : runtimeCells(profile);
    const heldOut = heldOutError(name, cells, quantity);
    return {
      ...(model.coefficients === undefined ? {} : { coefficients: model.coefficients }),
      ...(model.r2 === undefined ? {} : { r2: model.r2 }),
      heldOut: heldOut ?? null,
    };
  };
  return {
    model: name,
    energy: part('energy'),
    runtime: part('runtime'),
    range: energy.range,
    filled: energy.filled,
    leftOut: energy.leftOut.map(({ m, n }) => ({ m, n })),
  };
}

function unknownOutputLoss({ problem, form, once }: JointSetUp): NonNullable<StudyResult['unknownOutput']> {
  const sigmas = [0, 0.25, 0.5, 1];
  const curves = once('prediction', () => predictionCurves(problem.table, sigmas));
  const { kept, adapted } = predictionLoss(problem.table, form, sigmas, curves);
  const ranks = once('ranks', () => outputRanks(problem.table));
  const { expectedOutput, bestByInput } = inputOnlyPolicies(problem.table, form, curves.totals, ranks);
  return {
    prediction: kept.map(({ sigma, loss }, i) => ({ sigma, loss, adapted: adapted[i]!.loss })),
    expectedOutput: expectedOutput.loss,
    bestByInput: bestByInput.loss,
  };
}
