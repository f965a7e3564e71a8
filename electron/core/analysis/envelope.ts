import { costOf, type CostForm } from '../policy.ts';
import { joules, seconds } from '../units.ts';

/** What a policy costs at every λ: λE + (1−λ)R is a line. */
export interface CostLine {
  readonly energyJ: number;
  readonly runtimeS: number;
}

/** A stretch of λ over which one choice is best. */
export interface EnvelopePart<C extends CostLine> {
  /** 0 in the first part */
  readonly from: number;
  /** 1 in the last part */
  readonly to: number;
  readonly choice: C;
}

/** Costs closer than this, relatively, are the same: sums of many costs are rounded. */
const SAME = 1e-12;

/**
 * The lower envelope, over λ in [0, 1], of the lines of all choices that `best` knows: which of them is best where,
 * with the exact λ at which one line gives way to the next. `best` is asked at both ends, then where the lines of two
 * neighbours cross, until it knows nothing better there: for v parts about 2v times (Eisner and Severance,
 * "Mathematical techniques for efficient record segmentation", J. ACM 23, 1976).
 * @param best the choice of least cost at a λ
 * @param units of the cost form; its λ plays no part
 */
export function lowerEnvelope<C extends CostLine>(
  best: (lambda: number) => C,
  units: Pick<CostForm, 'energyUnit' | 'runtimeUnit'>,
): EnvelopePart<C>[] {
  const cost = (line: CostLine, lambda: number): number =>
    costOf({ ...units, lambda }, joules(line.energyJ), seconds(line.runtimeS));
  const parts: { from: number; choice: C }[] = [];
  const follow = (low: C, high: C): void => {
    const lambda = crossing(low, high, units);
    // Those that do not cross below 1: the lower one is as good up to there. Those that meet at 0: so is the higher.
    if (!(lambda < 1)) return;
    const middle = lambda > 0 ? best(lambda) : high;
    const tied = Math.min(cost(low, lambda), cost(high, lambda));
    const isNew = !sameLine(middle, low) && !sameLine(middle, high);
    if (isNew && cost(middle, lambda) < tied - SAME * Math.abs(tied)) {
      follow(low, middle);
      follow(middle, high);
      return;
    }
    const last = parts.at(-1)!;
    if (lambda > last.from) parts.push({ from: lambda, choice: high });
    else parts[parts.length - 1] = { from: last.from, choice: high };
  };
  const [first, last] = [best(0), best(1)];
  parts.push({ from: 0, choice: first });
  follow(first, last);
  return parts.map(({ from, choice }, i) => ({ from, to: parts[i + 1]?.from ?? 1, choice }));
}

function sameLine(a: CostLine, b: CostLine): boolean {
  return a.energyJ === b.energyJ && a.runtimeS === b.runtimeS;
}

/** The λ at which two lines meet; NaN or outside [0, 1] where they do not. */
function crossing(
  low: CostLine,
  high: CostLine,
  { energyUnit, runtimeUnit }: Pick<CostForm, 'energyUnit' | 'runtimeUnit'>,
): number {
  const runtime = (high.runtimeS - low.runtimeS) / runtimeUnit;
  const energy = (low.energyJ - high.energyJ) / energyUnit;
  return runtime / (runtime + energy);
}

/**
 * The lower envelope of lines that are all at hand, none of which undercuts another in both: the corners of their
 * convex front.
 * @param front sorted by runtime, so that the energy falls
 */
export function hullEnvelope<C extends CostLine>(
  front: readonly C[],
  units: Pick<CostForm, 'energyUnit' | 'runtimeUnit'>,
): EnvelopePart<C>[] {
  const corners: { from: number; choice: C }[] = [];
  for (const choice of front) {
    let from = 0;
    while (corners.length > 0) {
      const last = corners.at(-1)!;
      from = crossing(last.choice, choice, units);
      if (from > last.from) break;
      // The one before it gives way to this one at a lower λ than it came in at: it is never best.
      corners.pop();
      from = 0;
    }
    if (from < 1) corners.push({ from, choice });
  }
  return corners.map(({ from, choice }, i) => ({ from, to: corners[i + 1]?.from ?? 1, choice }));
}
