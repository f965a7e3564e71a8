import { LabError } from '../errors.ts';
import {
  MIXED,
  type BootstrapPart,
  type BootstrapSetUp,
  type DrawnSystem,
  type NamedPolicy,
} from './bootstrapPart.ts';
import { CapacityReplicator, capacityWidth } from './capacityReplicator.ts';
import type { CellSpread } from './cellSpread.ts';
import { costFill, type CostFill } from './costPlan.ts';
import type { Solve } from './linearProgram.ts';
import { searcher, type Search } from './orderedSearch.ts';
import { RandomStream } from './randomStream.ts';
import { Resampler } from './resample.ts';
import { drawTrials, sameTrials, trialDraws, type Moved, type TrialDraw } from './trialDraws.ts';

/** Some replicates of a bootstrap. Plain data: it may come from another thread. */
export interface Replicates {
  /** number of the first */
  readonly from: number;
  /** number after the last */
  readonly to: number;
  /** one row a replicate, see `columnsOf` */
  readonly values: Float64Array;
}

/** How to follow and to end a computation. */
export interface Progress {
  /** told how many replicates are done, now and then */
  readonly progress?: ((done: number) => void) | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** a solver of linear programs, for the capacity of more than two systems */
  readonly solve?: Solve | undefined;
}

/**
 * Computes replicates `from` to `to` − 1 of a bootstrap. Each draws the mean of every cell and the workload from its
 * multinomial distribution, with a generator of its own that follows from the seed and its number. Where a cell's
 * trials are known, whole trials are drawn anew; where only their mean and standard deviation are, the mean is drawn
 * from its standard error, energy and runtime of the cell together.
 * @throws LabError "interrupted" when the signal says so
 */
export function bootstrapReplicates(
  setUp: BootstrapSetUp<NamedPolicy>,
  seed: number,
  from: number,
  to: number,
  { progress, signal, solve }: Progress = {},
): Replicates {
  const parts = setUp.parts.map((part) => new PartReplicator(part, solve));
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Float64Array((to - from) * width);
  const random = new RandomStream();
  let at = 0;
  for (let k = from; k < to; k++) {
    if (k % TELL_EVERY === 0) {
      if (signal?.aborted === true) {
        throw new LabError(
          'interrupted',
          'The bootstrap was ended before it was done; nothing of it was kept.',
        );
      }
      progress?.(k - from);
    }
    random.begin(seed, k);
    for (const part of parts) {
      part.replicate(random, values, at, k);
      at += part.width;
    }
  }
  progress?.(to - from);
  return { from, to, values };
}

const TELL_EVERY = 16;

/**
 * Puts chunks of a bootstrap together, in whatever order they come.
 * @throws LabError "internal" when replicates are missing or there twice
 */
export function mergeReplicates(chunks: readonly Replicates[]): Replicates {
  const sorted = chunks.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from);
  const [first] = sorted;
  if (first === undefined) return { from: 0, to: 0, values: new Float64Array() };
  const values = new Float64Array(sorted.reduce((sum, chunk) => sum + chunk.values.length, 0));
  let next = first.from;
  let at = 0;
  for (const chunk of sorted) {
    if (chunk.from !== next) throw new LabError('internal', `Replicate ${next} is missing, or there twice.`);
    values.set(chunk.values, at);
    at += chunk.values.length;
    next = chunk.to;
  }
  return { from: first.from, to: next, values };
}

/** Where the figures of a part stand in the rows of replicates. */
export interface PartColumns {
  readonly energy: (policy: number) => number;
  readonly runtime: (policy: number) => number;
  /** of a family its thresholds, one between every two systems, and after them those on output tokens */
  readonly search: (family: number) => number;
  /** of the optimum under capacity, see `CapacityReplicator` */
  readonly capacity: number;
  readonly width: number;
}

/** The columns of each part, in rows of this whole width. */
export function columnsOf({ parts }: BootstrapSetUp<NamedPolicy>): { columns: PartColumns[]; width: number } {
  let width = 0;
  const columns = parts.map((part) => {
    const start = width;
    const own = widthOf(part);
    width += own;
    return {
      energy: (policy: number) => start + 2 * policy,
      runtime: (policy: number) => start + 2 * policy + 1,
      search: (family: number) => start + 2 * part.policies.length + 2 * levelsOf(part) * family,
      capacity: start + own - capacityWidth(part),
      width: own,
    };
  });
  return { columns, width };
}

function widthOf(part: BootstrapPart<NamedPolicy>): number {
  return 2 * part.policies.length + 2 * levelsOf(part) * part.searches.length + capacityWidth(part);
}

/** How many thresholds lie between the systems. */
function levelsOf({ systems }: BootstrapPart<NamedPolicy>): number {
  return systems.length - 1;
}

/** Energy and runtime of one query of each pair on one system. */
interface SystemWork {
  readonly system: DrawnSystem;
  readonly fillEnergy: CostFill;
  readonly fillRuntime: CostFill;
  readonly energies: Float64Array;
  readonly runtimes: Float64Array;
  readonly energyJ: Float64Array;
  readonly runtimeS: Float64Array;
  /** of each cell how its trials are drawn, where they are known */
  readonly trials: readonly (TrialDraw | undefined)[];
  /** of each cell the first with the same trials, see `sameTrials` */
  readonly sameAs: Int32Array;
}

/** The arrays of a part, made once; a replicate allocates nothing. */
export class PartReplicator {
  readonly width: number;
  readonly count: Float64Array;
  private readonly systems: readonly SystemWork[];
  private readonly resampler: Resampler;
  private readonly searches: readonly Search[];
  /** of each level what each pair's queries cost more on its system than on the next */
  private readonly differences: readonly Float64Array[];
  /** energy and runtime by class and system */
  private readonly sums: Float64Array;

  private readonly capacity: CapacityReplicator | undefined;

  /** @param solve a solver of linear programs, for the capacity of more than two systems */
  constructor(
    private readonly part: BootstrapPart<NamedPolicy>,
    solve?: Solve,
  ) {
    const { pairs, systems, resampling, searches } = part;
    this.width = widthOf(part);
    this.capacity = part.capacity && new CapacityReplicator(part, part.capacity, solve);
    this.count = Float64Array.from(resampling.count);
    this.resampler = new Resampler(resampling);
    const levels = levelsOf(part);
    this.searches = searches.map((search) => searcher(search, levels));
    this.differences = Array.from({ length: levels }, () => new Float64Array(pairs.size));
    this.sums = new Float64Array(part.classes * systems.length * 2);
    this.systems = systems.map((system) => ({
      system,
      fillEnergy: costFill(system.energy.plan, pairs),
      fillRuntime: costFill(system.runtime.plan, pairs),
      energies: Float64Array.from(system.energy.spread.value),
      runtimes: Float64Array.from(system.runtime.spread.value),
      energyJ: new Float64Array(pairs.size),
      runtimeS: new Float64Array(pairs.size),
      trials: trialDraws(system),
      sameAs: sameTrials(system),
    }));
  }

  /** Draws one replicate and writes its row. @param k its number */
  replicate(random: RandomStream, into: Float64Array, at: number, k: number): void {
    for (const work of this.systems) drawCells(work, random);
    this.resampler.draw(random, this.count);
    this.cost();
    this.write(into, at);
    this.capacity?.write(k, this.count, this.systems, into, at);
  }

  /** Goes back to the study itself: the workload and the cells as they are. */
  rest(): void {
    this.count.set(this.part.resampling.count);
    for (const { system, energies, runtimes } of this.systems) {
      energies.set(system.energy.spread.value);
      runtimes.set(system.runtime.spread.value);
    }
    this.cost();
  }

  /** Writes the row of the study itself. */
  writeStudy(into: Float64Array): void {
    this.rest();
    this.write(into, 0);
    this.capacity?.write(0, this.count, this.systems, into, 0);
  }

  /**
   * Writes the row without thresholds, with one cell of a system moved, and with it those of the same trials; the next
   * call begins from the study again.
   */
  writeMoved(system: number, cell: number, energyJ: number, runtimeS: number, into: Float64Array): void {
    const work = this.systems[system]!;
    const { value: ownJ } = work.system.energy.spread;
    const { value: ownS } = work.system.runtime.spread;
    const setTo = (joules: (i: number) => number, seconds: (i: number) => number): void => {
      for (let i = 0; i < work.sameAs.length; i++) {
        if (i !== cell && work.sameAs[i] !== cell) continue;
        work.energies[i] = joules(i);
        work.runtimes[i] = seconds(i);
      }
    };
    setTo(
      () => energyJ,
      () => runtimeS,
    );
    work.fillEnergy(work.energies, work.energyJ);
    work.fillRuntime(work.runtimes, work.runtimeS);
    this.writePolicies(into, 0);
    setTo(
      (i) => ownJ[i]!,
      (i) => ownS[i]!,
    );
  }

  /** Whether a cell's trials are those of an earlier cell of the system, with which it moves. */
  movesWithAnother(system: number, cell: number): boolean {
    return this.systems[system]!.sameAs[cell] !== cell;
  }

  /** Energy (J) and runtime (s) of one query of a pair on a system, as last computed. */
  pairCost(system: number, i: number): { energyJ: number; runtimeS: number } {
    const { energyJ, runtimeS } = this.systems[system]!;
    return { energyJ: energyJ[i]!, runtimeS: runtimeS[i]! };
  }

  private cost(): void {
    for (const { fillEnergy, fillRuntime, energies, runtimes, energyJ, runtimeS } of this.systems) {
      fillEnergy(energies, energyJ);
      fillRuntime(runtimes, runtimeS);
    }
  }

  private write(into: Float64Array, at: number): void {
    const { part, searches } = this;
    this.writePolicies(into, at);
    if (searches.length === 0) return;
    this.differences.forEach((difference, level) => this.fillDifference(difference, level));
    const first = at + 2 * part.policies.length;
    for (let f = 0; f < searches.length; f++) {
      searches[f]!(this.differences, into, first + 2 * levelsOf(part) * f);
    }
  }

  /** Writes energy and runtime of every policy. */
  writePolicies(into: Float64Array, at: number): void {
    const { part, sums, systems } = this;
    const { classes, systemOf, policies } = part;
    this.sumClasses();
    const wide = systems.length;
    for (let p = 0; p < policies.length; p++) {
      let energy = 0;
      let runtime = 0;
      for (let c = 0; c < classes; c++) {
        const to = systemOf[p * classes + c]!;
        if (to === MIXED) {
          for (let s = 0; s < wide; s++) {
            energy += sums[2 * (c * wide + s)]! / wide;
            runtime += sums[2 * (c * wide + s) + 1]! / wide;
          }
        } else {
          energy += sums[2 * (c * wide + to)]!;
          runtime += sums[2 * (c * wide + to) + 1]!;
        }
      }
      into[at + 2 * p] = energy;
      into[at + 2 * p + 1] = runtime;
    }
    for (const each of part.shared) this.writeShared(each, into, at);
  }

  private sumClasses(): void {
    const { sums, systems, count } = this;
    const { classOf, pairs } = this.part;
    const wide = systems.length;
    sums.fill(0);
    for (let s = 0; s < wide; s++) {
      const { energyJ, runtimeS } = systems[s]!;
      for (let i = 0; i < pairs.size; i++) {
        const queries = count[i]!;
        const place = 2 * (classOf[i]! * wide + s);
        sums[place]! += queries * energyJ[i]!;
        sums[place + 1]! += queries * runtimeS[i]!;
      }
    }
  }

  private writeShared(
    { policy, share }: BootstrapPart['shared'][number],
    into: Float64Array,
    at: number,
  ): void {
    const { systems, count } = this;
    const wide = systems.length;
    let energy = 0;
    let runtime = 0;
    for (let s = 0; s < wide; s++) {
      const { energyJ, runtimeS } = systems[s]!;
      for (let i = 0; i < count.length; i++) {
        const queries = count[i]! * share[i * wide + s]!;
        energy += queries * energyJ[i]!;
        runtime += queries * runtimeS[i]!;
      }
    }
    into[at + 2 * policy] = energy;
    into[at + 2 * policy + 1] = runtime;
  }

  /** What each pair's queries cost more on the system of a level than on the next. */
  private fillDifference(difference: Float64Array, level: number): void {
    const { count, systems } = this;
    const { perJoule, perSecond } = this.part.form;
    const [a, b] = [systems[level]!, systems[level + 1]!];
    for (let i = 0; i < difference.length; i++) {
      difference[i] =
        count[i]! *
        (perJoule * (a.energyJ[i]! - b.energyJ[i]!) + perSecond * (a.runtimeS[i]! - b.runtimeS[i]!));
    }
  }
}

/**
 * Draws the means of a system's cells: from their trials where these are known. Else energy and runtime of a cell are
 * moved by the same number: a trial that took longer took more energy, and how closely is not known from means alone;
 * to take them as one is the careful choice.
 */
function drawCells({ system, energies, runtimes, trials, sameAs }: SystemWork, random: RandomStream): void {
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
