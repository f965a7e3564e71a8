/** Writing the samples of a run as they come. */
import type { EnergySample } from '#core/meter';
import { encodeSamples } from './sampleChunk.ts';
import {
  addBucket,
  addSample,
  bucketFrom,
  encodeBuckets,
  LEVEL_SAMPLES,
  LONGEST_GAP_S,
  spanOf,
  TOP_LEVEL,
  type Bucket,
} from './samplePyramid.ts';
import { openBucket, samplesIn } from './sampleReader.ts';
import type { WriteDb } from './sqlite.ts';
import { guarded } from './storeError.ts';

/** Stores the samples of one run. One writer at a time writes to a run. */
export interface SampleWriter {
  /**
   * Takes samples in time order, and stores them by itself once they span a second or fill a chunk. A sample without
   * length has no power and counts nothing in any window, so it is not stored.
   * @throws LabError "disk-full" and the like; the samples are kept in memory for the next try
   */
  push(samples: readonly EnergySample[]): void;
  /** Stores what has been pushed, in one transaction: at the end of a trial, for instance. */
  flush(): void;
  /** Stores what has been pushed and finishes the pyramid; a second call does nothing. */
  close(): void;
}

/** A chunk is stored when it has so many samples, however short their time. */
const MOST_IN_CHUNK = 1024;
/** A stored chunk with as many is finished; one with fewer is stored again with the samples that follow. */
const FULL_CHUNK = 512;
/** Buckets in a full row of a level. */
const ROW_BUCKETS = 32;
/** Samples wait no longer than this for being stored, s on their own clock, unless the caller has them safe. */
const FLUSH_EVERY_S = 1;

/** A row of a level: buckets one after the other. */
interface LevelRow {
  readonly level: number;
  readonly firstSample: number;
  readonly buckets: Bucket[];
}

/**
 * Begins to store samples of a run, after those that are stored already. What a writer that died left unfinished
 * in the pyramid is finished first.
 * @param flushEveryS Infinity where the samples are safe elsewhere: then only full chunks are stored
 * @throws LabError "disk-full" and the like
 */
export function createSampleWriter(
  db: WriteDb,
  runId: string,
  { flushEveryS = FLUSH_EVERY_S }: { flushEveryS?: number } = {},
): SampleWriter {
  const pyramid = createPyramidWriter(db, runId);
  const putChunk = db.prepare(
    `INSERT INTO sample_chunk (run_id, first_sample, samples, start_s, end_s, data)
     VALUES (:runId, :firstSample, :samples, :startS, :endS, :data)
     ON CONFLICT (run_id, first_sample) DO UPDATE SET
       samples = excluded.samples, start_s = excluded.start_s, end_s = excluded.end_s, data = excluded.data`,
  );
  let chunk: EnergySample[] = [];
  let firstSample = samplesIn(db, runId, 0);
  let storedOfChunk = 0;
  let storedEndS = -Infinity;
  let closed = false;

  const flush = (): void => {
    guarded(db.name, () =>
      db.transaction(() => {
        if (chunk.length > storedOfChunk) {
          const data = encodeSamples(chunk);
          putChunk.run({ runId, firstSample, samples: chunk.length, ...spanOf(chunk), data });
        }
        pyramid.store();
      })(),
    );
    // From here on it is stored; before, a failure leaves everything as it was, for the next try.
    pyramid.forgetStored();
    storedOfChunk = chunk.length;
    storedEndS = chunk.at(-1)?.endS ?? storedEndS;
    if (chunk.length < FULL_CHUNK) return;
    firstSample += chunk.length;
    chunk = [];
    storedOfChunk = 0;
  };

  pyramid.finish();
  flush();
  return {
    push: (samples) => {
      if (closed) throw new Error(`the sample writer of the run ${runId} is closed`);
      let failure: { readonly thrown: unknown } | undefined;
      for (const sample of samples) {
        if (!(sample.endS > sample.startS)) continue;
        if (storedEndS === -Infinity) storedEndS = sample.startS;
        pyramid.add(sample);
        chunk.push(sample);
        const due = chunk.length >= MOST_IN_CHUNK || sample.endS - storedEndS >= flushEveryS;
        if (!due || failure !== undefined) continue;
        try {
          flush();
        } catch (thrown) {
          // The rest of the samples is still to be kept.
          failure = { thrown };
        }
      }
      if (failure !== undefined) throw failure.thrown;
    },
    flush,
    close: () => {
      if (closed) return;
      pyramid.finish();
      flush();
      closed = true;
    },
  };
}

/** Builds the pyramid as samples come: a bucket that is full is taken into the level above. */
function createPyramidWriter(db: WriteDb, runId: string) {
  const putRow = db.prepare(
    `INSERT INTO sample_level (run_id, level, first_sample, samples, start_s, end_s, data)
     VALUES (:runId, :level, :firstSample, :samples, :startS, :endS, :data)
     ON CONFLICT (run_id, level, first_sample) DO UPDATE SET
       samples = excluded.samples, start_s = excluded.start_s, end_s = excluded.end_s, data = excluded.data`,
  );
  const levels = LEVEL_SAMPLES.map((full, i) => ({
    level: i + 1,
    full,
    /** the bucket that is being filled */
    open: openBucket(db, runId, i + 1),
    row: undefined as LevelRow | undefined,
    nextSample: samplesIn(db, runId, i + 1),
  }));
  /** rows with buckets that are not stored yet */
  const unstored = new Set<LevelRow>();
  let endS = -Infinity;

  const closeBucket = (level: number): void => {
    const own = levels[level - 1]!;
    const bucket = own.open;
    if (bucket === undefined) return;
    own.open = undefined;
    own.row ??= { level, firstSample: own.nextSample, buckets: [] };
    own.row.buckets.push(bucket);
    own.nextSample += bucket.samples;
    unstored.add(own.row);
    if (own.row.buckets.length >= ROW_BUCKETS) own.row = undefined;
    const above = levels[level];
    if (above === undefined) return;
    above.open ??= bucketFrom(bucket.startS);
    addBucket(above.open, bucket);
    if (above.open.samples >= above.full) closeBucket(level + 1);
  };

  const finish = (): void => {
    for (let level = 1; level <= TOP_LEVEL; level++) closeBucket(level);
  };

  return {
    add: (sample: EnergySample): void => {
      if (sample.startS - endS > LONGEST_GAP_S) finish();
      endS = sample.endS;
      const lowest = levels[0]!;
      lowest.open ??= bucketFrom(sample.startS);
      addSample(lowest.open, sample);
      if (lowest.open.samples >= lowest.full) closeBucket(1);
    },
    /** closes the bucket that is being filled at every level */
    finish,
    /** writes the rows that have changed, inside the caller's transaction */
    store: (): void => {
      for (const { level, firstSample, buckets } of unstored) {
        const samples = buckets.reduce((sum, bucket) => sum + bucket.samples, 0);
        const data = encodeBuckets(buckets);
        putRow.run({ runId, level, firstSample, samples, ...spanOf(buckets), data });
      }
    },
    forgetStored: (): void => unstored.clear(),
  };
}
