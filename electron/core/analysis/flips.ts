import type { CostForm } from '../policy.ts';
import { hullEnvelope, lowerEnvelope, type EnvelopePart } from './envelope.ts';
import { exactFront, type RuleLine } from './front.ts';
import { bestOfFamily, deployableRules, hasCurves, type PolicyProblem } from './problem.ts';
import { ruleTotals, type Rule, type ThresholdFamily } from './rules.ts';

/** A λ at which the best rule changes. */
export interface Flip {
  readonly lambda: number;
  /** best just below */
  readonly from: RuleLine;
  /** best just above */
  readonly to: RuleLine;
}

type Units = Pick<CostForm, 'energyUnit' | 'runtimeUnit'>;

/** Which rule of one family, alone, is best at which λ. */
export function familyEnvelope(
  problem: PolicyProblem,
  family: ThresholdFamily,
  units: Units,
): EnvelopePart<RuleLine>[] {
  return lowerEnvelope(
    (lambda) => line(problem, bestOfFamily(problem, family, { ...units, lambda }), units),
    units,
  );
}

/** Costs closer than this, relatively, count as the same, and the simpler rule is taken. */
const SAME = 1e-12;

/**
 * Which rule is best at which λ, among the single systems and some families; of equals the simplest. Of two systems
 * from their exact front, whose corners they are; of more by asking for the best at ever more λ.
 * @param families by default all
 * @param front the exact front of these families, where it is at hand
 */
export function deployableEnvelope(
  problem: PolicyProblem,
  units: Units,
  families?: readonly ThresholdFamily[],
  front?: readonly RuleLine[],
): EnvelopePart<RuleLine>[] {
  const lines = front ?? (hasCurves(problem) ? exactFront(problem, families) : undefined);
  if (lines !== undefined) return hullEnvelope(lines, units);
  const known = new Map<string, RuleLine>();
  const lineOf = (rule: Rule): RuleLine => {
    const key = JSON.stringify(rule);
    const found = known.get(key) ?? line(problem, rule, units);
    known.set(key, found);
    return found;
  };
  return lowerEnvelope((lambda) => {
    const form = { ...units, lambda };
    let best: { line: RuleLine; cost: number } | undefined;
    for (const rule of deployableRules(problem, form, families)) {
      const candidate = lineOf(rule);
      const cost =
        (lambda * candidate.energyJ) / units.energyUnit +
        ((1 - lambda) * candidate.runtimeS) / units.runtimeUnit;
      if (best === undefined || cost < best.cost - SAME * Math.abs(best.cost)) {
        best = { line: candidate, cost };
      }
    }
    return best!.line;
  }, units);
}

/** The λ between the parts of an envelope, with the rules on both sides. */
export function flipsOf(parts: readonly EnvelopePart<RuleLine>[]): Flip[] {
  return parts.slice(1).map(({ from, choice }, i) => ({ lambda: from, from: parts[i]!.choice, to: choice }));
}

function line({ table }: PolicyProblem, rule: Rule, units: Units): RuleLine {
  const { energyJ, runtimeS } = ruleTotals(table, rule, { ...units, lambda: 1 });
  return { rule, energyJ, runtimeS };
}
