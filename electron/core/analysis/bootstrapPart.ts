import type { Axis } from '../profile.ts';
import type { PolicyAxis } from '../study.ts';
import type { CellSpread } from './cellSpread.ts';
import type { CostPlan } from './costPlan.ts';
import type { PairTable } from './pairs.ts';
import type { PolicyChoice } from './policyChoice.ts';
import type { Resampling } from './resample.ts';
import type { ThresholdFamily } from './rules.ts';

/*
 * What a bootstrap needs, as plain data that may go to another thread.
 *
 * A policy is followed as the study found it: a replicate asks what it would cost if the means of the cells and the
 * workload were others, not what another policy would cost. That is what whoever follows it will get; looking for the
 * best anew in each replicate would count the luck of the search as a saving. The thresholds themselves are looked for
 * anew, for their own intervals alone.
 */

/** One quantity of one system: its cells, and how the model follows from them. */
export interface DrawnCosts {
  readonly spread: CellSpread;
  readonly plan: CostPlan;
}

/** A system whose cells are drawn. */
export interface DrawnSystem {
  /** id of the profile */
  readonly id: string;
  readonly cells: readonly { readonly m: number; readonly n: number; readonly trials: number }[];
  readonly energy: DrawnCosts;
  readonly runtime: DrawnCosts;
}

/** A policy, known by its name and axis. */
export interface DrawnPolicy extends PolicyChoice {
  readonly axis: PolicyAxis;
}

/** The thresholds of one family that are looked at in each replicate. */
export type FamilySearch =
  | {
      readonly family: Exclude<ThresholdFamily, 'threshold-both'>;
      /** ascending; of the product family T² */
      readonly thresholds: Float64Array;
      /** of each pair the first threshold that it does not exceed, or their number */
      readonly binOf: Uint32Array;
    }
  | {
      readonly family: 'threshold-both';
      readonly thresholds: Float64Array;
      readonly outputThresholds: Float64Array;
      readonly binOf: Uint32Array;
      readonly outputBinOf: Uint32Array;
    };

/** A policy as any bootstrap knows it: by its name. */
export interface NamedPolicy {
  readonly policy: string;
}

/** What there is to carry the queries in each replicate. */
export interface DrawnCapacity {
  /** position of the optimum under capacity among the policies */
  readonly policy: number;
  /** of each system, in their order */
  readonly devices: readonly number[];
  /** queries per second */
  readonly arrivalRate: number;
  /** it is found in so many replicates, the first ones */
  readonly replicates: number;
}

/** One workload and its systems under one cost, with the policies between them. */
export interface BootstrapPart<P extends NamedPolicy = DrawnPolicy> {
  /** which sweep of the paper's model, or both axes together */
  readonly axis: Axis | 'joint';
  readonly pairs: Pick<PairTable, 'size' | 'input' | 'output'>;
  readonly resampling: Resampling;
  readonly systems: readonly DrawnSystem[];
  readonly form: { readonly perJoule: number; readonly perSecond: number };
  readonly policies: readonly P[];
  /**
   * Pairs that every policy sends alike are of one class: `systemOf[policy × classes + class]` is where, and
   * MIXED says that the policy shares them out.
   */
  readonly classes: number;
  readonly classOf: Uint32Array;
  readonly systemOf: Uint8Array;
  /** of policies that share the queries of a pair out: the share of each pair's queries on each system, pair-major */
  readonly shared: readonly { readonly policy: number; readonly share: Float64Array }[];
  /** where devices were told: the optimum that they can carry, which each replicate finds anew */
  readonly capacity?: DrawnCapacity | undefined;
  readonly searches: readonly FamilySearch[];
  /** position among the policies of the one that the verdict is about */
  readonly hybrid: number;
  /** positions of the single systems among the policies, in the order of the systems */
  readonly singles: readonly number[];
}

/** In `systemOf`: the policy sends each query to any of the systems. */
export const MIXED = 255;

/** A bootstrap ready to be computed, whole or in parts. */
export interface BootstrapSetUp<P extends NamedPolicy = DrawnPolicy> {
  readonly parts: readonly BootstrapPart<P>[];
  /** of the part that the verdict is about */
  readonly judged: number;
}

/** Classes of pairs that all of some assignments send alike. @param sent of each policy the system of each pair */
export function classesOf(
  size: number,
  sent: readonly (Uint8Array | undefined)[],
): Pick<BootstrapPart, 'classes' | 'classOf' | 'systemOf'> {
  const classOf = new Uint32Array(size);
  const systems: number[][] = [];
  const known = new Map<string, number>();
  for (let i = 0; i < size; i++) {
    const to = sent.map((each) => each?.[i] ?? MIXED);
    const key = to.join();
    let found = known.get(key);
    if (found === undefined) {
      found = systems.push(to) - 1;
      known.set(key, found);
    }
    classOf[i] = found;
  }
  const systemOf = new Uint8Array(sent.length * systems.length);
  systems.forEach((to, c) => to.forEach((system, p) => (systemOf[p * systems.length + c] = system)));
  return { classes: systems.length, classOf, systemOf };
}

/** Of each value the first of some ascending thresholds that it does not exceed; their number where it exceeds all. */
export function binsOf(values: ArrayLike<number>, thresholds: Float64Array): Uint32Array {
  return Uint32Array.from(values, (value) => {
    let low = 0;
    let high = thresholds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** At most so many of some ascending values, spread evenly by rank, the ends and `kept` among them. */
export function thinned(values: Float64Array, most: number, kept: readonly number[] = []): Float64Array {
  if (values.length <= most) return values;
  const last = values.length - 1;
  const chosen = new Set(
    Array.from({ length: most }, (_, k) => values[Math.round((k * last) / (most - 1))]!),
  );
  for (const each of kept) if (values.includes(each)) chosen.add(each);
  return Float64Array.from(chosen).sort();
}
