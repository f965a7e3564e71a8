/** Reading what the sample writer stored: single samples, or a stretch of a run as power over time. */
import type { EnergySample, Span } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';
import { decodeSamples, sampleAt, type SampleColumns } from './sampleChunk.ts';
import {
  addBucket,
  addSamples,
  bucketFrom,
  decodeBuckets,
  LONGEST_GAP_S,
  mergeBuckets,
  TOP_LEVEL,
  type Bucket,
} from './samplePyramid.ts';
import type { ReadDb } from './sqlite.ts';
import { damaged } from './storeError.ts';

const EVERYTHING: Span = { startS: -Infinity, endS: Infinity };

/** What a run has of samples. */
export interface SampleExtent extends Span {
  readonly samples: number;
}

/** The power of one rail over time: for each bucket its span, and least, mean and greatest power in it. */
export interface RailSeries {
  readonly tS: number[];
  readonly endS: number[];
  readonly minW: number[];
  readonly meanW: number[];
  readonly maxW: number[];
}

/** The power of every rail that was measured. */
export type PowerSeries = Partial<Record<Rail, RailSeries>>;

/** Which stretch of a run, and about how many points at least for each rail. */
export interface SeriesRequest {
  readonly fromS?: number;
  readonly toS?: number;
  readonly points: number;
}

/** The stored samples' number and span; undefined when there are none. */
export function sampleExtent(db: ReadDb, runId: string): SampleExtent | undefined {
  const row = db
    .prepare<[string], { samples: number; startS: number | null; endS: number }>(
      `SELECT coalesce(sum(samples), 0) AS samples, min(start_s) AS startS, max(end_s) AS endS
       FROM sample_chunk WHERE run_id = ?`,
    )
    .get(runId);
  if (row === undefined || row.startS === null) return undefined;
  return { samples: row.samples, startS: row.startS, endS: row.endS };
}

/**
 * The samples of a run as they were pushed, a chunk in memory at a time. The connection is free between samples.
 * @param span only samples that overlap it
 * @throws LabError "database-damaged"
 */
export function* readSamples(
  db: ReadDb,
  runId: string,
  span: Span = EVERYTHING,
): Generator<EnergySample, void, undefined> {
  for (const columns of chunksIn(db, runId, span)) {
    for (let i = 0; i < columns.count; i++) {
      if (overlaps(columns, i, span)) yield sampleAt(columns, i);
    }
  }
}

/**
 * Power over time, for a chart: from the coarsest level of the pyramid that has enough buckets, or from the samples
 * where no level has. Adjacent buckets are taken together as long as enough of them remain, so no rail has more
 * than about twice as many points as asked for, unless there are many long gaps. A line should break where the end
 * of a point is well before the start of the next.
 * @throws LabError "database-damaged"
 */
export function readSeries(
  db: ReadDb,
  runId: string,
  { fromS = -Infinity, toS = Infinity, points }: SeriesRequest,
): PowerSeries {
  const span = { startS: fromS, endS: toS };
  for (let level = TOP_LEVEL; level > 0; level--) {
    const buckets = bucketsIn(db, runId, level, span);
    if (buckets.length < points) continue;
    const rest = restBucket(db, runId, level);
    if (rest !== undefined && rest.startS < toS && rest.endS > fromS) buckets.push(rest);
    return seriesOf(mergeBuckets(buckets, groupOf(buckets.length, points)));
  }
  return seriesOf(sampleBuckets([...chunksIn(db, runId, span)], span, points));
}

/**
 * What the level below holds and a level does not hold yet, as one bucket: buckets, or for level 1 samples.
 * @param level 1 to `TOP_LEVEL`
 * @returns undefined when the level holds everything
 */
export function openBucket(db: ReadDb, runId: string, level: number): Bucket | undefined {
  const first = samplesIn(db, runId, level);
  let open: Bucket | undefined;
  if (level > 1) {
    for (const bucket of bucketsAfter(db, runId, level - 1, first)) open = joined(open, bucket);
    return open;
  }
  const chunks = db
    .prepare<[string, number], { first: number; data: Buffer }>(
      `SELECT first_sample AS first, data FROM sample_chunk
       WHERE run_id = ? AND first_sample + samples > ? ORDER BY first_sample`,
    )
    .all(runId, first);
  for (const chunk of chunks) {
    const columns = decoded(db, runId, () => decodeSamples(chunk.data));
    const from = Math.max(0, first - chunk.first);
    open ??= bucketFrom(columns.startS[from]!);
    addSamples(open, columns, from, columns.count);
  }
  return open;
}

/** Everything that a level does not hold yet, as one bucket: what the levels below are still filling as well. */
function restBucket(db: ReadDb, runId: string, level: number): Bucket | undefined {
  let rest: Bucket | undefined;
  for (let below = level; below > 0; below--) {
    const open = openBucket(db, runId, below);
    if (open !== undefined) rest = joined(rest, open);
  }
  return rest;
}

function joined(earlier: Bucket | undefined, later: Bucket): Bucket {
  const bucket = earlier ?? bucketFrom(later.startS);
  addBucket(bucket, later);
  return bucket;
}

/** How many samples of a run are in a level; all that are stored for level 0. */
export function samplesIn(db: ReadDb, runId: string, level: number): number {
  const from =
    level === 0
      ? 'sample_chunk WHERE run_id = :runId'
      : 'sample_level WHERE run_id = :runId AND level = :level';
  return (
    db
      .prepare<{ runId: string; level: number }, number>(
        `SELECT first_sample + samples FROM ${from} ORDER BY first_sample DESC LIMIT 1`,
      )
      .pluck()
      .get({ runId, level }) ?? 0
  );
}

/** The decoded chunks that overlap a span, one after the other. */
function* chunksIn(db: ReadDb, runId: string, { startS, endS }: Span): Generator<SampleColumns> {
  // A chunk gets its id when it is begun, so their order is that of the samples.
  const ids = db
    .prepare<[string, number, number], number>(
      'SELECT id FROM sample_chunk WHERE run_id = ? AND start_s < ? AND end_s > ? ORDER BY id',
    )
    .pluck()
    .all(runId, endS, startS);
  const data = db.prepare<[number], Buffer>('SELECT data FROM sample_chunk WHERE id = ?').pluck();
  for (const id of ids) {
    const bytes = data.get(id);
    if (bytes !== undefined) yield decoded(db, runId, () => decodeSamples(bytes));
  }
}

function bucketsIn(db: ReadDb, runId: string, level: number, { startS, endS }: Span): Bucket[] {
  return db
    .prepare<[string, number, number, number], Buffer>(
      'SELECT data FROM sample_level WHERE run_id = ? AND level = ? AND start_s < ? AND end_s > ? ORDER BY id',
    )
    .pluck()
    .all(runId, level, endS, startS)
    .flatMap((bytes) => decoded(db, runId, () => decodeBuckets(bytes)))
    .filter((bucket) => bucket.startS < endS && bucket.endS > startS);
}

/** The buckets of a level from a sample on, which is the first of a bucket. */
function bucketsAfter(db: ReadDb, runId: string, level: number, firstSample: number): Bucket[] {
  return db
    .prepare<[string, number, number], { first: number; data: Buffer }>(
      `SELECT first_sample AS first, data FROM sample_level
       WHERE run_id = ? AND level = ? AND first_sample + samples > ? ORDER BY first_sample`,
    )
    .all(runId, level, firstSample)
    .flatMap(({ first, data }) => {
      let at = first;
      return decoded(db, runId, () => decodeBuckets(data)).filter(({ samples }) => {
        at += samples;
        return at > firstSample;
      });
    });
}

/** Samples in a span taken together, so many at a time that about `points` buckets remain. */
function sampleBuckets(chunks: readonly SampleColumns[], span: Span, points: number): Bucket[] {
  let count = 0;
  for (const columns of chunks) {
    for (let i = 0; i < columns.count; i++) if (overlaps(columns, i, span)) count += 1;
  }
  const group = groupOf(count, points);
  const buckets: Bucket[] = [];
  let last: Bucket | undefined;
  for (const columns of chunks) {
    const { startS, endS } = columns;
    let from = 0;
    while (from < columns.count) {
      if (!overlaps(columns, from, span)) {
        from += 1;
        continue;
      }
      if (last === undefined || last.samples >= group || startS[from]! - last.endS > LONGEST_GAP_S) {
        last = bucketFrom(startS[from]!);
        buckets.push(last);
      }
      const most = Math.min(columns.count, from + group - last.samples);
      let to = from + 1;
      while (to < most && overlaps(columns, to, span) && startS[to]! - endS[to - 1]! <= LONGEST_GAP_S)
        to += 1;
      addSamples(last, columns, from, to);
      from = to;
    }
  }
  return buckets;
}

const groupOf = (count: number, points: number): number => Math.max(1, Math.floor(count / points));

function overlaps({ startS, endS }: SampleColumns, index: number, span: Span): boolean {
  return startS[index]! < span.endS && endS[index]! > span.startS;
}

function seriesOf(buckets: readonly Bucket[]): PowerSeries {
  const series: PowerSeries = {};
  for (const { startS, endS, rails } of buckets) {
    for (const [rail, { durationS, energyJ, minW, maxW }] of rails) {
      const line = (series[rail] ??= { tS: [], endS: [], minW: [], meanW: [], maxW: [] });
      line.tS.push(startS);
      line.endS.push(endS);
      line.minW.push(minW);
      line.meanW.push(energyJ / durationS);
      line.maxW.push(maxW);
    }
  }
  return inOrder(series);
}

/** The rails in the order in which they are shown. */
function inOrder(series: PowerSeries): PowerSeries {
  return Object.fromEntries(RAILS.flatMap((rail) => (series[rail] ? [[rail, series[rail]]] : [])));
}

function decoded<T>(db: ReadDb, runId: string, decode: () => T): T {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw damaged(db.name, `the samples of the run ${runId}: ${thrown.message}`);
    throw thrown;
  }
}
