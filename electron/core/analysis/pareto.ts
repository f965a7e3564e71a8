import type { CostForm } from '../policy.ts';
import { joules, seconds } from '../units.ts';
import { deployableEnvelope } from './flips.ts';
import { exactFront, nonDominated, type RuleLine } from './front.ts';
import { hasCurves, type PolicyProblem } from './problem.ts';

/** A rule than which none takes both less energy and less time. */
export interface ParetoPoint extends RuleLine {
  /** best for some λ: a corner of the convex front */
  readonly convex: boolean;
}

/** The front with what it is a front of. */
export interface ParetoFront {
  /** from the least runtime to the least energy */
  readonly points: readonly ParetoPoint[];
  /** points of the front before it was thinned */
  readonly found: number;
  /** of every threshold there is; for more than two systems only of those that are best for some λ */
  readonly complete: boolean;
}

const UNITS: Pick<CostForm, 'energyUnit' | 'runtimeUnit'> = {
  energyUnit: joules(1),
  runtimeUnit: seconds(1),
};

/**
 * The energy–runtime front over all policies that can be carried out: single systems and every threshold of every
 * family. For more than two systems the convex front alone.
 * @param most points kept: all convex ones, and of the others as many, evenly
 * @param front the exact front, where it is at hand
 */
export function paretoFront(problem: PolicyProblem, most = 200, front?: readonly RuleLine[]): ParetoFront {
  const all = front ?? (hasCurves(problem) ? exactFront(problem) : undefined);
  const corners = deployableEnvelope(problem, UNITS, undefined, all).map(({ choice }) => choice);
  const convex = corners.map((corner): ParetoPoint => ({ ...corner, convex: true }));
  if (all === undefined) return { points: convex, found: convex.length, complete: false };
  const isCorner = new Set(corners);
  const others = all.filter((line) => !isCorner.has(line));
  const room = Math.max(0, most - convex.length);
  const kept =
    others.length <= room
      ? others
      : Array.from({ length: room }, (_, k) => others[Math.floor(((k + 0.5) * others.length) / room)]!);
  const points = [...convex, ...kept.map((line): ParetoPoint => ({ ...line, convex: false }))];
  return { points: nonDominated(points), found: all.length, complete: true };
}
