import type { PartColumns } from './replicateColumns.ts';
import type { BootstrapPart, NamedPolicy } from './bootstrapPart.ts';
import { AT, QUANTITIES, writeQuantities } from './quantities.ts';
import { cellSensitivity, studentWidening, type Sensitivity } from './sensitivity.ts';

/** The ends of a 95% interval. */
export type Interval95 = readonly [low: number, high: number];

/** What the replicates say of every quantity of the policies of a part, see `writeQuantities`; policy-major. */
export interface PartSamples {
  readonly samples: readonly Float64Array[];
  /** further from their median by as much as their few trials ask for, as intervals are */
  readonly widened: readonly Float64Array[];
  readonly sensitivity: Sensitivity;
}

/** Where a replicate has an optimum under capacity of its own; see `CapacityReplicator`. */
function capacityFirst({ capacity }: BootstrapPart<NamedPolicy>): number {
  return capacity === undefined ? Infinity : capacity.policy * QUANTITIES;
}

/** Reads the replicates of a part. @param values rows of `width` numbers, see `columnsOf` */
export function partSamples(
  part: BootstrapPart<NamedPolicy>,
  columns: PartColumns,
  { values, width }: { readonly values: Float64Array; readonly width: number },
): PartSamples {
  const replicates = values.length / width;
  const sensitivity = cellSensitivity(part, part.hybrid * QUANTITIES + AT.saving);
  const size = part.policies.length * QUANTITIES;
  const one = new Float64Array(size);
  const all = Array.from({ length: size }, () => new Float64Array(replicates));
  const first = capacityFirst(part);
  for (let k = 0; k < replicates; k++) {
    writeQuantities(part, values, k * width + columns.energy(0), one);
    // What is found anew is set against the best of the same replicate.
    if (first < size)
      one[first + AT.regret] = one[first + AT.cost]! / values[k * width + columns.capacity]! - 1;
    for (let q = 0; q < size; q++) all[q]![k] = one[q]!;
  }
  const samples = all.map((sample, q) =>
    q < first ? sample : sample.filter((value) => !Number.isNaN(value)),
  );
  return { samples, widened: samples.map((sample, q) => widen(sample, q, sensitivity)), sensitivity };
}

/** The interval of an energy, a runtime or a cost. @param q its position */
export function totalInterval({ samples, widened }: PartSamples, q: number): Interval95 {
  const [low, high] = interval95(widened[q]!);
  // A sum of energies above 0 is never below it, however little is known.
  return [samples[q]!.every((value) => value > 0) ? Math.max(0, low) : low, high];
}

/** The interval of a saving against the best single system. @param q its position */
export function savingInterval(
  { widened }: PartSamples,
  q: number,
  { isSingle }: { readonly isSingle: boolean },
): Interval95 {
  const [low, high] = interval95(widened[q]!);
  // Nothing that is a single system saves anything against the best of them.
  return isSingle ? [Math.min(0, low), Math.min(0, high)] : [low, high];
}

/** The replicates of a quantity, further from their median by as much as their few trials ask for. */
function widen(sample: Float64Array, q: number, { variance, perDegrees }: Sensitivity): Float64Array {
  const spread = Math.max(sampleVariance(sample), variance[q]!);
  const factor = studentWidening(spread, perDegrees[q]!);
  if (factor === 1) return sample;
  const sorted = Float64Array.from(sample).sort();
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  return sample.map((value) => middle + factor * (value - middle));
}

function sampleVariance(sample: Float64Array): number {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  return sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, sample.length - 1);
}

/** The 2.5% and the 97.5% quantile (R's type 7). @param values in any order, at least one */
export function interval95(values: Float64Array): Interval95 {
  const sorted = Float64Array.from(values).sort();
  const at = (p: number): number => {
    const position = (sorted.length - 1) * p;
    const low = Math.floor(position);
    const from = sorted[low]!;
    return from + ((sorted[low + 1] ?? from) - from) * (position - low);
  };
  return [at(0.025), at(0.975)];
}

/** The same ends where only values that occur have a meaning: outwards to the next of them. */
export function wholeInterval95(values: Float64Array): Interval95 {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  return [sorted[Math.floor(last * 0.025)]!, sorted[Math.ceil(last * 0.975)]!];
}
