import { studentT } from '../statistics.ts';
import { PartReplicator } from './bootstrap.ts';
import type { BootstrapPart, DrawnCosts } from './bootstrapPart.ts';
import { QUANTITIES, writeQuantities } from './quantities.ts';

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
 * Moves each cell by one standard error up and down, the others held.
 * @param judged position of the saving whose effects are kept
 */
export function cellSensitivity(part: BootstrapPart, judged: number): Sensitivity {
  const work = new PartReplicator(part);
  const row = new Float64Array(work.width);
  const size = part.policies.length * QUANTITIES;
  const up = new Float64Array(size);
  const down = new Float64Array(size);
  const variance = new Float64Array(size);
  const perDegrees = new Float64Array(size);
  const effects = part.systems.map(({ cells }) => new Float64Array(cells.length));
  part.systems.forEach(({ cells, energy, runtime }, system) => {
    work.rest();
    // Cells without a standard deviation of their own share one, and are wrong about it together.
    const together = new Float64Array(size);
    let shared = Infinity;
    for (let i = 0; i < cells.length; i++) {
      const moveTo = (way: number, into: Float64Array): void => {
        work.writeMoved(system, i, moved(energy, i, way), moved(runtime, i, way), row);
        writeQuantities(part, row, 0, into);
      };
      moveTo(1, up);
      moveTo(-1, down);
      const degrees = Math.min(energy.spread.degrees[i]!, runtime.spread.degrees[i]!);
      const own = energy.spread.basis[i] === 'own';
      if (!own) shared = Math.min(shared, degrees);
      for (let q = 0; q < size; q++) {
        const effect = (up[q]! - down[q]!) / 2;
        const part = effect * effect;
        variance[q]! += part;
        if (own) perDegrees[q]! += (part * part) / degrees;
        else together[q]! += part;
      }
      effects[system]![i] = (up[judged]! - down[judged]!) / 2;
    }
    for (let q = 0; q < size; q++) perDegrees[q]! += (together[q]! * together[q]!) / shared;
  });
  return { effects, variance, perDegrees };
}

/** A mean moved by one standard error; one above 0 never to 0 or below. */
function moved({ spread }: DrawnCosts, i: number, way: number): number {
  const value = spread.value[i]!;
  const error = spread.error[i]!;
  return value + way * (value > 0 ? Math.min(error, value / 2) : error);
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
