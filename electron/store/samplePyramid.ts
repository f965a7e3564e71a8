/**
 * The pyramid over the samples of a run: at level 1 a bucket for every 64 consecutive samples, and at each further
 * level one for every 4 buckets of the level below. A bucket holds least and greatest power, time and energy of each
 * rail, so that any stretch of a run can be drawn from a few thousand buckets.
 *
 * No bucket reaches across a gap of more than 30 s. The last samples of a run, fewer than a bucket of a level
 * holds, may be missing from that level for as long as the run is being written; the levels below have them.
 */
import type { Span } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';
import { aligned, RAIL_CODES, type SampleColumns } from './sampleChunk.ts';

/** The number of samples in a full bucket of each level. */
export const LEVEL_SAMPLES = [64, 256, 1024, 4096, 16_384, 65_536, 262_144] as const;

/** The coarsest level. */
export const TOP_LEVEL = LEVEL_SAMPLES.length;

/** A gap longer than this ends every bucket, s. */
export const LONGEST_GAP_S = 30;

/** What one rail did in a bucket. */
export interface BucketRail {
  /** time in which the rail was measured, s */
  durationS: number;
  energyJ: number;
  minW: number;
  maxW: number;
}

/** Consecutive samples taken together. */
export interface Bucket {
  readonly startS: number;
  endS: number;
  samples: number;
  readonly rails: Map<Rail, BucketRail>;
}

/** An empty bucket that starts at a time. */
export function bucketFrom(startS: number): Bucket {
  return { startS, endS: startS, samples: 0, rails: new Map() };
}

/** Takes decoded samples into a bucket, from one up to and without another. */
export function addSamples(bucket: Bucket, columns: SampleColumns, from: number, to: number): void {
  const { startS, endS, energyJ } = columns;
  for (const [rail, energies] of energyJ) {
    const part = { durationS: 0, energyJ: 0, minW: Infinity, maxW: -Infinity };
    for (let i = from; i < to; i++) {
      const energy = energies[i]!;
      if (Number.isNaN(energy)) continue;
      const durationS = endS[i]! - startS[i]!;
      const powerW = energy / durationS;
      part.durationS += durationS;
      part.energyJ += energy;
      if (powerW < part.minW) part.minW = powerW;
      if (powerW > part.maxW) part.maxW = powerW;
    }
    if (part.durationS > 0) addPart(bucket, rail, part);
  }
  bucket.endS = endS[to - 1]!;
  bucket.samples += to - from;
}

/** Takes a later bucket into an earlier one. */
export function addBucket(bucket: Bucket, { endS, samples, rails }: Bucket): void {
  for (const [rail, part] of rails) addPart(bucket, rail, part);
  bucket.endS = endS;
  bucket.samples += samples;
}

function addPart(bucket: Bucket, rail: Rail, { durationS, energyJ, minW, maxW }: BucketRail): void {
  const part = bucket.rails.get(rail);
  if (part === undefined) {
    bucket.rails.set(rail, { durationS, energyJ, minW, maxW });
    return;
  }
  part.durationS += durationS;
  part.energyJ += energyJ;
  part.minW = Math.min(part.minW, minW);
  part.maxW = Math.max(part.maxW, maxW);
}

/** Buckets taken together, `group` at a time, and never across a long gap. */
export function mergeBuckets(buckets: readonly Bucket[], group: number): Bucket[] {
  if (group <= 1) return [...buckets];
  const merged: Bucket[] = [];
  let taken = group;
  for (const bucket of buckets) {
    const last = merged.at(-1);
    if (last === undefined || taken >= group || bucket.startS - last.endS > LONGEST_GAP_S) {
      const begun = bucketFrom(bucket.startS);
      addBucket(begun, bucket);
      merged.push(begun);
      taken = 1;
    } else {
      addBucket(last, bucket);
      taken += 1;
    }
  }
  return merged;
}

/** The span from the first to the last of some times. */
export function spanOfTimes(times: { readonly startS: Float64Array; readonly endS: Float64Array }): Span {
  const { startS, endS } = times;
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < startS.length; i++) {
    first = Math.min(first, startS[i]!);
    last = Math.max(last, endS[i]!);
  }
  return { startS: first, endS: last };
}

/**
 * Buckets from bytes, all of them doubles: the number of buckets, the rails as bits, then column by column samples,
 * starts, ends, and for each rail durations (0: absent), energies, least and greatest powers.
 * @throws RangeError when the bytes are not such
 */
export function decodeBuckets(bytes: Uint8Array): Bucket[] {
  const numbers = new Float64Array(aligned(bytes));
  const count = numbers[0] ?? 0;
  const bits = numbers[1] ?? 0;
  const rails = RAILS.filter((rail) => (bits & (2 ** RAIL_CODES[rail])) !== 0);
  if (numbers.length !== 2 + count * (3 + 4 * rails.length)) throw new RangeError('buckets are cut off');
  return Array.from({ length: count }, (_, i) => {
    const parts = new Map<Rail, BucketRail>();
    rails.forEach((rail, r) => {
      const at = 2 + (3 + 4 * r) * count + i;
      const durationS = numbers[at]!;
      if (durationS === 0) return;
      parts.set(rail, {
        durationS,
        energyJ: numbers[at + count]!,
        minW: numbers[at + 2 * count]!,
        maxW: numbers[at + 3 * count]!,
      });
    });
    return {
      samples: numbers[2 + i]!,
      startS: numbers[2 + count + i]!,
      endS: numbers[2 + 2 * count + i]!,
      rails: parts,
    };
  });
}
