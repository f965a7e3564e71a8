import { MIXED, type BootstrapPart, type NamedPolicy } from './bootstrapPart.ts';
import { CapacityReplicator } from './capacityReplicator.ts';
import { costFill, type CostFill } from './costPlan.ts';
import { drawCells, type DrawnCells } from './drawCells.ts';
import type { Solve } from './linearProgram.ts';
import { searcher, type Search } from './orderedSearch.ts';
import type { RandomStream } from './randomStream.ts';
import { levelsOf, widthOf } from './replicateColumns.ts';
import { Resampler } from './resample.ts';
import { sameTrials, trialDraws } from './trialDraws.ts';

/** Energy and runtime of one query of each pair on one system. */
interface SystemWork extends DrawnCells {
  readonly fillEnergy: CostFill;
  readonly fillRuntime: CostFill;
  readonly energyJ: Float64Array;
  readonly runtimeS: Float64Array;
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
