import type { DrawnSystem } from './bootstrapPart.ts';
import type { CellSpread } from './cellSpread.ts';
import type { RandomStream } from './randomStream.ts';
import { drawTrials, type Moved, type TrialDraw } from './trialDraws.ts';

/** The means of a system's cells as they are drawn. */
export interface DrawnCells {
  readonly system: DrawnSystem;
  /** mean energy of each cell, J; overwritten */
  readonly energies: Float64Array;
  /** mean runtime of each cell, s; overwritten */
  readonly runtimes: Float64Array;
  /** of each cell how its trials are drawn, where they are known */
  readonly trials: readonly (TrialDraw | undefined)[];
  /** of each cell the first with the same trials, see `sameTrials` */
  readonly sameAs: Int32Array;
}

/**
 * Draws the means of a system's cells: from their trials where these are known. Else energy and runtime of a cell are
 * moved by the same number: a trial that took longer took more energy, and how closely is not known from means alone;
 * to take them as one is the careful choice.
 */
export function drawCells(
  { system, energies, runtimes, trials, sameAs }: DrawnCells,
  random: RandomStream,
): void {
  const { energy, runtime } = system;
  for (let i = 0; i < energies.length; i++) {
    const first = sameAs[i]!;
    if (first !== i) {
      energies[i] = energies[first]!;
      runtimes[i] = runtimes[first]!;
      continue;
    }
    const draw = trials[i];
    if (draw !== undefined && drawWhole(draw, system, i, random)) {
      energies[i] = energy.spread.value[i]! + MOVED.energyJ;
      runtimes[i] = runtime.spread.value[i]! + MOVED.runtimeS;
      continue;
    }
    const z = drawWithin(random, Math.min(reachOf(energy.spread, i), reachOf(runtime.spread, i)));
    energies[i] = energy.spread.value[i]! + energy.spread.error[i]! * z;
    runtimes[i] = runtime.spread.value[i]! + runtime.spread.error[i]! * z;
  }
}

/** What `drawWhole` has drawn: nothing is made for each draw. */
const MOVED: Moved = { energyJ: 0, runtimeS: 0 };

/** Draws a cell's trials until neither mean is at or below 0, nor its mirror image; false where that hardly ever is so. */
function drawWhole(
  draw: TrialDraw,
  { energy, runtime }: DrawnSystem,
  i: number,
  random: RandomStream,
): boolean {
  const mostJ = furthestOf(energy.spread, i);
  const mostS = furthestOf(runtime.spread, i);
  for (let tries = 0; tries < 100; tries++) {
    drawTrials(draw, random, MOVED);
    if (Math.abs(MOVED.energyJ) < mostJ && Math.abs(MOVED.runtimeS) < mostS) return true;
  }
  return false;
}

/** How far a mean may move, see `reachOf`. */
function furthestOf({ value }: CellSpread, i: number): number {
  return value[i]! > 0 ? value[i]! : Infinity;
}

/** A normal number between −reach and reach; where it hardly ever lies there, any number that does. */
function drawWithin(random: RandomStream, reach: number): number {
  for (let tries = 0; tries < 100; tries++) {
    const z = random.normal();
    if (Math.abs(z) < reach) return z;
  }
  return (2 * random.uniform() - 1) * reach;
}

/**
 * How many standard errors a mean may move: a draw at or below 0 cannot be, and is drawn anew; so is its mirror image,
 * which leaves the mean of the draws where it is.
 */
function reachOf({ value, error }: CellSpread, i: number): number {
  return value[i]! > 0 && error[i]! > 0 ? value[i]! / error[i]! : Infinity;
}
