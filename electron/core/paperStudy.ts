/** A study under the paper's model: one axis at a time, gross energy as it was measured. */
import { withChosen } from './analysis/chosenPolicy.ts';
import { hullEnvelope } from './analysis/envelope.ts';
import { nonDominated } from './analysis/front.ts';
import { oddAssumptions } from './analysis/oddInputs.ts';
import type { PolicyChoice } from './analysis/policyChoice.ts';
import { intervalCondition, withIntervals, type Uncertainty } from './analysis/uncertainty.ts';
import { studyAssumptions, type Assumption } from './assumptions.ts';
import { chosenVerdict } from './chosenVerdict.ts';
import { comparedRails } from './comparedRails.ts';
import { isExtrapolated, paperCosts, paperCurve, type AxisCurve } from './energyModel.ts';
import { LabError } from './errors.ts';
import {
  bestThreshold,
  costForm,
  costOf,
  everyThreshold,
  PAPER_POLICIES,
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
import { axisCells, type Axis, type Boundary, type Profile, type Rail } from './profile.ts';
import { sum } from './statistics.ts';
import type { PolicyAxis, PolicyOutcome, Savings, StudyInputs, StudyResult, StudySettings } from './study.ts';
import { verdictOf } from './verdict.ts';
import { marginal } from './workload.ts';

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
 * Runs a study under the paper's model.
 * @throws LabError "bad-setting" or "incompatible" with the reason; never a number in their place
 */
export function analysePaper(
  settings: StudySettings,
  inputs: StudyInputs,
  uncertainty?: Uncertainty,
): StudyResult {
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
      odd: [inputs.small, inputs.large].flatMap((profile) => oddAlong(profile, best.problem.axis, rails)),
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

/** What is told of cells along an axis that are far off. */
function oddAlong(profile: Profile, axis: Axis, rails: readonly Rail[]): Assumption[] {
  const along = axisCells(profile, axis);
  return oddAssumptions(
    profile,
    { rails, idle: 'gross' },
    { used: (index) => along.includes(profile.cells[index]!) },
  );
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
