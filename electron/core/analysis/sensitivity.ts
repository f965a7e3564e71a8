import { studentT } from '../statistics.ts';
import { PartReplicator } from './partReplicator.ts';
import type { BootstrapPart, DrawnCosts, NamedPolicy } from './bootstrapPart.ts';
import { QUANTITIES, writeQuantities } from './quantities.ts';
import { trialDraws, type TrialDraw } from './trialDraws.ts';

/** What the cells' uncertainty does to each quantity of each policy, by moving one cell at a time. */
export interface Sensitivity {
  /** of each system and cell: what one standard error moves the judged saving by, a fraction, signed */
  readonly effects: readonly Float64Array[];
  /** variance of each quantity that the cells bring, policy-major */
  readonly variance: Float64Array;
  /** Σ v²/ν over the cells' parts v of that variance, ν their degrees of freedom */
  readonly perDegrees: Float64Array;
}

/**
 * Moves each cell by one standard error up and down, the others held: energy and runtime together where only their
 * means are known; where the trials are, along the two principal ways in which their means vary (Cholesky's).
 * @param judged position of the saving whose effects are kept
 */
export function cellSensitivity(part: BootstrapPart<NamedPolicy>, judged: number): Sensitivity {
  const work = new PartReplicator(part);
  const row = new Float64Array(work.width);
  const size = part.policies.length * QUANTITIES;
  const up = new Float64Array(size);
  const down = new Float64Array(size);
  const upToo = new Float64Array(size);
  const downToo = new Float64Array(size);
  const variance = new Float64Array(size);
  const perDegrees = new Float64Array(size);
  const effects = part.systems.map(({ cells }) => new Float64Array(cells.length));
  part.systems.forEach(({ cells, energy, runtime }, system) => {
    work.rest();
    const draws = trialDraws(part.systems[system]!);
    // Cells without a standard deviation of their own share one, and are wrong about it together.
    const together = new Float64Array(size);
    let shared = Infinity;
    for (let i = 0; i < cells.length; i++) {
      // What was measured once is moved once, with the first cell that it stands in.
      if (work.movesWithAnother(system, i)) continue;
      const [first, second] = waysOf(energy, runtime, i, draws[i]);
      const moveTo = (by: number, { energyJ, runtimeS }: Way, into: Float64Array): void => {
        work.writeMoved(system, i, moved(energy, i, by * energyJ), moved(runtime, i, by * runtimeS), row);
        writeQuantities(part, row, 0, into);
      };
      moveTo(1, first, up);
      moveTo(-1, first, down);
      if (second !== undefined) {
        moveTo(1, second, upToo);
        moveTo(-1, second, downToo);
      }
      const degrees = Math.min(energy.spread.degrees[i]!, runtime.spread.degrees[i]!);
      const own = energy.spread.basis[i] === 'own';
      if (!own) shared = Math.min(shared, degrees);
      for (let q = 0; q < size; q++) {
        const effect = (up[q]! - down[q]!) / 2;
        const too = second === undefined ? 0 : (upToo[q]! - downToo[q]!) / 2;
        const part = effect * effect + too * too;
        variance[q]! += part;
        if (own) perDegrees[q]! += (part * part) / degrees;
        else together[q]! += part;
      }
      const effect = (up[judged]! - down[judged]!) / 2;
      const too = second === undefined ? 0 : (upToo[judged]! - downToo[judged]!) / 2;
      effects[system]![i] = too === 0 ? effect : Math.hypot(effect, too) * (Math.sign(effect) || 1);
    }
    for (let q = 0; q < size; q++) perDegrees[q]! += (together[q]! * together[q]!) / shared;
  });
  return { effects, variance, perDegrees };
}

/** How far the means of a cell are moved, J and s. */
interface Way {
  readonly energyJ: number;
  readonly runtimeS: number;
}

function waysOf(
  energy: DrawnCosts,
  runtime: DrawnCosts,
  i: number,
  draw: TrialDraw | undefined,
): [Way, Way?] {
  if (draw === undefined) {
    return [{ energyJ: energy.spread.error[i]!, runtimeS: runtime.spread.error[i]! }];
  }
  const { energyError, runtimeAlong, runtimeBeyond } = draw;
  return [
    { energyJ: energyError, runtimeS: runtimeAlong },
    { energyJ: 0, runtimeS: runtimeBeyond },
  ];
}

/** A mean moved; one above 0 never to 0 or below. */
function moved({ spread }: DrawnCosts, i: number, by: number): number {
  const value = spread.value[i]!;
  return value + (value > 0 ? Math.sign(by) * Math.min(Math.abs(by), value / 2) : by);
}

/**
 * How much wider an interval is than the normal one because standard errors come from few trials: Student's t with the
 * effective degrees of freedom of F. E. Satterthwaite, "An Approximate Distribution of Estimates of Variance Components",
 * Biometrics Bulletin 2 (1946), and B. L. Welch.
 * @param variance of the quantity, all that the cells and the queries bring
 */
export function studentWidening(variance: number, perDegrees: number): number {
  if (!(perDegrees > 0 && variance > 0)) return 1;
  const degrees = Math.max(1, (variance * variance) / perDegrees);
  return degrees > 1e6 ? 1 : studentT(0.05, degrees) / NORMAL;
}

/** The 97.5% point of the standard normal distribution. */
const NORMAL = 1.959963984540054;
