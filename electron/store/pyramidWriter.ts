/** Building the pyramid of a run as its samples come. */
import type { EnergySample } from '#core/meter';
import { RAILS } from '#core/profile';
import { RAIL_CODES } from './sampleChunk.ts';
import { LEVEL_SAMPLES, LONGEST_GAP_S, TOP_LEVEL, type Bucket } from './samplePyramid.ts';
import { openBucket, samplesIn } from './sampleReader.ts';
import type { WriteDb } from './sqlite.ts';

/** Buckets in a full row of a level. */
const ROW_BUCKETS = 32;

/** The numbers of a bucket: how many samples it holds, where it starts and ends, then four of each rail. */
const [SAMPLES, START, END, FIRST_RAIL] = [0, 1, 2, 3];
const [DURATION, ENERGY, LEAST, GREATEST] = [0, 1, 2, 3];
const RAIL_NUMBERS = 4;
const BUCKET_NUMBERS = FIRST_RAIL + RAIL_NUMBERS * RAILS.length;

/**
 * Buckets in one array of numbers. They are written for hours, thousands of times as many as are ever looked at:
 * as objects, those of the coarse levels would live long enough to be among the old ones when they die.
 */
class Buckets {
  readonly numbers: Float64Array<ArrayBuffer>;

  constructor(count: number) {
    this.numbers = new Float64Array(count * BUCKET_NUMBERS);
  }

  get(bucket: number, number: number): number {
    return this.numbers[bucket * BUCKET_NUMBERS + number]!;
  }

  begin(bucket: number, startS: number): void {
    const at = bucket * BUCKET_NUMBERS;
    this.numbers.fill(0, at, at + BUCKET_NUMBERS);
    this.numbers[at + START] = startS;
    this.numbers[at + END] = startS;
  }

  copy(bucket: number, from: Buckets, other: number): void {
    const at = other * BUCKET_NUMBERS;
    this.numbers.set(from.numbers.subarray(at, at + BUCKET_NUMBERS), bucket * BUCKET_NUMBERS);
  }

  addRail(
    bucket: number,
    rail: number,
    durationS: number,
    energyJ: number,
    minW: number,
    maxW: number,
  ): void {
    const { numbers } = this;
    const at = bucket * BUCKET_NUMBERS + FIRST_RAIL + rail * RAIL_NUMBERS;
    if (numbers[at + DURATION] === 0) {
      numbers[at + LEAST] = minW;
      numbers[at + GREATEST] = maxW;
    } else {
      if (minW < numbers[at + LEAST]!) numbers[at + LEAST] = minW;
      if (maxW > numbers[at + GREATEST]!) numbers[at + GREATEST] = maxW;
    }
    numbers[at + DURATION]! += durationS;
    numbers[at + ENERGY]! += energyJ;
  }

  /** Ends a bucket later, with so many more samples. */
  extend(bucket: number, endS: number, samples: number): void {
    const at = bucket * BUCKET_NUMBERS;
    this.numbers[at + END] = endS;
    this.numbers[at + SAMPLES]! += samples;
  }

  addSample(bucket: number, { startS, endS, energyJ }: EnergySample): void {
    const durationS = endS - startS;
    for (const rail of RAILS) {
      const energy = energyJ[rail];
      if (energy === undefined) continue;
      const powerW = energy / durationS;
      this.addRail(bucket, RAIL_CODES[rail], durationS, energy, powerW, powerW);
    }
    this.extend(bucket, endS, 1);
  }

  addBucket(bucket: number, from: Buckets, other: number): void {
    for (let rail = 0; rail < RAILS.length; rail++) {
      const at = other * BUCKET_NUMBERS + FIRST_RAIL + rail * RAIL_NUMBERS;
      const durationS = from.numbers[at + DURATION]!;
      if (durationS === 0) continue;
      const { numbers } = from;
      this.addRail(
        bucket,
        rail,
        durationS,
        numbers[at + ENERGY]!,
        numbers[at + LEAST]!,
        numbers[at + GREATEST]!,
      );
    }
    this.extend(bucket, from.get(other, END), from.get(other, SAMPLES));
  }

  /** A bucket as it was read. */
  take(bucket: number, { startS, endS, samples, rails }: Bucket): void {
    this.begin(bucket, startS);
    for (const [rail, { durationS, energyJ, minW, maxW }] of rails) {
      this.addRail(bucket, RAIL_CODES[rail], durationS, energyJ, minW, maxW);
    }
    this.extend(bucket, endS, samples);
  }
}

/** A row of a level: buckets one after the other. */
class Row extends Buckets {
  level = 0;
  firstSample = 0;
  count = 0;

  constructor() {
    super(ROW_BUCKETS);
  }

  begun(level: number, firstSample: number): this {
    this.level = level;
    this.firstSample = firstSample;
    this.count = 0;
    return this;
  }

  get samples(): number {
    let samples = 0;
    for (let i = 0; i < this.count; i++) samples += this.get(i, SAMPLES);
    return samples;
  }

  /** As bytes, in the form that `decodeBuckets` reads. */
  encode(): Buffer {
    const { count } = this;
    const rails = RAILS.map((rail) => RAIL_CODES[rail]).filter((rail) => {
      for (let i = 0; i < count; i++) {
        if (this.get(i, FIRST_RAIL + rail * RAIL_NUMBERS + DURATION) !== 0) return true;
      }
      return false;
    });
    const encoded = new Float64Array(2 + count * (3 + RAIL_NUMBERS * rails.length));
    encoded[0] = count;
    encoded[1] = rails.reduce((bits, rail) => bits + 2 ** rail, 0);
    const column = (place: number, number: number): void => {
      for (let i = 0; i < count; i++) encoded[2 + place * count + i] = this.get(i, number);
    };
    for (const number of [SAMPLES, START, END]) column(number, number);
    rails.forEach((rail, r) => {
      for (let i = 0; i < RAIL_NUMBERS; i++) {
        column(FIRST_RAIL + r * RAIL_NUMBERS + i, FIRST_RAIL + rail * RAIL_NUMBERS + i);
      }
    });
    return Buffer.from(encoded.buffer);
  }
}

export interface PyramidWriter {
  add(sample: EnergySample): void;
  /** closes the bucket that is being filled at every level */
  finish(): void;
  /** writes the rows that have changed, inside the caller's transaction */
  store(): void;
  /** what `store` wrote is safe */
  forgetStored(): void;
}

/** Begins or goes on with the pyramid of a run: a bucket that is full is taken into the level above. */
export function createPyramidWriter(db: WriteDb, runId: string): PyramidWriter {
  const putRow = db.prepare(
    `INSERT INTO sample_level (run_id, level, first_sample, samples, start_s, end_s, data)
     VALUES (:runId, :level, :firstSample, :samples, :startS, :endS, :data)
     ON CONFLICT (run_id, level, first_sample) DO UPDATE SET
       samples = excluded.samples, start_s = excluded.start_s, end_s = excluded.end_s, data = excluded.data`,
  );
  /** the bucket of each level that is being filled */
  const open = new Buckets(TOP_LEVEL);
  const levels = LEVEL_SAMPLES.map((full, i) => {
    const begun = openBucket(db, runId, i + 1);
    if (begun !== undefined) open.take(i, begun);
    return {
      full,
      isOpen: begun !== undefined,
      row: undefined as Row | undefined,
      nextSample: samplesIn(db, runId, i + 1),
    };
  });
  /** rows with buckets that are not stored yet */
  const unstored = new Set<Row>();
  /** rows that are full and stored, to be used again */
  const spare: Row[] = [];
  let endS = -Infinity;

  const closeBucket = (i: number): void => {
    const own = levels[i]!;
    if (!own.isOpen) return;
    own.isOpen = false;
    own.row ??= (spare.pop() ?? new Row()).begun(i + 1, own.nextSample);
    own.row.copy(own.row.count, open, i);
    own.row.count += 1;
    own.nextSample += open.get(i, SAMPLES);
    unstored.add(own.row);
    if (own.row.count >= ROW_BUCKETS) own.row = undefined;
    const above = levels[i + 1];
    if (above === undefined) return;
    if (!above.isOpen) open.begin(i + 1, open.get(i, START));
    above.isOpen = true;
    open.addBucket(i + 1, open, i);
    if (open.get(i + 1, SAMPLES) >= above.full) closeBucket(i + 1);
  };

  const finish = (): void => {
    for (let i = 0; i < TOP_LEVEL; i++) closeBucket(i);
  };

  return {
    add: (sample) => {
      if (sample.startS - endS > LONGEST_GAP_S) finish();
      endS = sample.endS;
      const lowest = levels[0]!;
      if (!lowest.isOpen) open.begin(0, sample.startS);
      lowest.isOpen = true;
      open.addSample(0, sample);
      if (open.get(0, SAMPLES) >= lowest.full) closeBucket(0);
    },
    finish,
    store: () => {
      for (const row of unstored) {
        const { level, firstSample, samples, count } = row;
        const span = { startS: row.get(0, START), endS: row.get(count - 1, END) };
        putRow.run({ runId, level, firstSample, samples, ...span, data: row.encode() });
      }
    },
    forgetStored: () => {
      for (const row of unstored) if (row.count >= ROW_BUCKETS) spare.push(row);
      unstored.clear();
    },
  };
}
