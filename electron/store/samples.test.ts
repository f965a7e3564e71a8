import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EnergySample } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';
import { madeRun } from '../test/madeRun.ts';
import { someSamples, steadySamples } from '../test/madeSamples.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { openForWriting } from './database.ts';
import { createRun } from './runs.ts';
import { decodeBuckets, LEVEL_SAMPLES, LONGEST_GAP_S, TOP_LEVEL, type Bucket } from './samplePyramid.ts';
import { readSamples, readSeries, sampleExtent } from './sampleReader.ts';
import { createSampleWriter } from './samples.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';

/** A database in which each call of `newRun` makes another run. */
function fresh(): { db: WriteDb; newRun: () => string } {
  const db = openForWriting(temporaryFolder());
  // What survives a loss of power is not at issue here.
  db.pragma('synchronous = OFF');
  let count = 0;
  const newRun = (): string => {
    const id = `run-${(count += 1)}`;
    createRun(db, madeRun({ id }));
    return id;
  };
  return { db, newRun };
}

function store(db: WriteDb, run: string, samples: readonly EnergySample[]): void {
  const writer = createSampleWriter(db, run);
  writer.push(samples);
  writer.close();
}

function bucketsOf(db: ReadDb, run: string, level: number): Bucket[] {
  return db
    .prepare<[string, number], Buffer>(
      'SELECT data FROM sample_level WHERE run_id = ? AND level = ? ORDER BY id',
    )
    .pluck()
    .all(run, level)
    .flatMap(decodeBuckets);
}

/** What one rail did in samples, worked out one by one. */
function railOf(samples: readonly EnergySample[], rail: Rail) {
  const own = samples.filter(({ energyJ }) => energyJ[rail] !== undefined);
  const powers = own.map(({ startS, endS, energyJ }) => energyJ[rail]! / (endS - startS));
  return {
    energyJ: own.reduce((sum, { energyJ }) => sum + energyJ[rail]!, 0),
    durationS: own.reduce((sum, { startS, endS }) => sum + (endS - startS), 0),
    minW: Math.min(...powers),
    maxW: Math.max(...powers),
    samples: own.length,
  };
}

const near = (value: number): unknown =>
  expect.closeTo(value, 9 - Math.ceil(Math.log10(Math.abs(value) + 1)));

/** Checks that a level holds the samples, all of them, each once, and none across a long gap. */
function checkLevel(buckets: readonly Bucket[], samples: readonly EnergySample[]): void {
  let at = 0;
  for (const bucket of buckets) {
    const own = samples.slice(at, at + bucket.samples);
    at += bucket.samples;
    expect([bucket.startS, bucket.endS]).toEqual([own[0]!.startS, own.at(-1)!.endS]);
    own.forEach(({ startS }, i) => {
      if (i > 0) expect(startS - own[i - 1]!.endS).toBeLessThanOrEqual(LONGEST_GAP_S);
    });
    for (const rail of RAILS) {
      const { samples: count, energyJ, durationS, minW, maxW } = railOf(own, rail);
      expect(bucket.rails.get(rail)).toEqual(
        count === 0 ? undefined : { energyJ: near(energyJ), durationS: near(durationS), minW, maxW },
      );
    }
  }
  expect(at).toBe(samples.length);
}

test('whatever is pushed, in whatever portions, comes back as it was, and every level has all of it', () => {
  const { db, newRun } = fresh();
  fc.assert(
    fc.property(someSamples, fc.integer({ min: 1, max: 400 }), (samples, portion) => {
      const run = newRun();
      const writer = createSampleWriter(db, run);
      for (let i = 0; i < samples.length; i += portion) writer.push(samples.slice(i, i + portion));
      writer.close();
      expect([...readSamples(db, run)]).toEqual(samples);
      for (let level = 1; level <= TOP_LEVEL; level++) checkLevel(bucketsOf(db, run, level), samples);
    }),
    { numRuns: 50 },
  );
  db.close();
});

test('a writer goes on where one that died left off, and finishes its levels', () => {
  const { db, newRun } = fresh();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 5 }), (counts) => {
      const run = newRun();
      const samples = steadySamples(counts.reduce((sum, count) => sum + count, 0));
      let at = 0;
      for (const count of counts) {
        const writer = createSampleWriter(db, run);
        writer.push(samples.slice(at, (at += count)));
        // Not closed: its program ends here.
        writer.flush();
      }
      createSampleWriter(db, run).close();
      expect([...readSamples(db, run)]).toEqual(samples);
      for (let level = 1; level <= TOP_LEVEL; level++) checkLevel(bucketsOf(db, run, level), samples);
    }),
    { numRuns: 12 },
  );
  db.close();
});

test('a series shows every extreme and all of the energy, at any zoom, while the run is being written', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const samples = steadySamples(9000);
  const writer = createSampleWriter(db, run);
  writer.push(samples);
  writer.flush();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8999 }),
      fc.integer({ min: 1, max: 9000 }),
      fc.integer({ min: 1, max: 300 }),
      (first, count, points) => {
        const last = Math.min(8999, first + count - 1);
        const series = readSeries(db, run, {
          fromS: samples[first]!.startS + 1e-5,
          toS: samples[last]!.endS - 1e-5,
          points,
        });
        expect(Object.keys(series)).toEqual(['cpu', 'gpu']);
        const { tS, endS, minW, meanW, maxW } = series.cpu!;
        // Buckets may reach beyond the span, and never leave out a part of it.
        expect(tS[0]).toBeLessThanOrEqual(samples[first]!.startS);
        expect(endS.at(-1)).toBeGreaterThanOrEqual(samples[last]!.endS);
        const covered = samples.filter((sample) => sample.startS >= tS[0]! && sample.endS <= endS.at(-1)!);
        const whole = railOf(covered, 'cpu');
        expect([Math.min(...minW), Math.max(...maxW)]).toEqual([whole.minW, whole.maxW]);
        expect(meanW.reduce((sum, mean, i) => sum + mean * (endS[i]! - tS[i]!), 0)).toBeCloseTo(
          whole.energyJ,
          6,
        );
        expect(tS.length).toBeGreaterThanOrEqual(Math.min(points, last - first + 1));
        expect(tS.length).toBeLessThanOrEqual(2 * points + 2);
      },
    ),
    { numRuns: 200 },
  );
  db.close();
});

test('closer in, the samples themselves are shown', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const samples = steadySamples(5000);
  store(db, run, samples);
  const { gpu } = readSeries(db, run, { fromS: 2, toS: 2.05, points: 40 });
  const own = samples.slice(2000, 2050);
  const powers = own.map(({ startS, endS, energyJ }) => energyJ.gpu! / (endS - startS));
  expect(gpu).toEqual({
    tS: own.map(({ startS }) => startS),
    endS: own.map(({ endS }) => endS),
    minW: powers,
    meanW: powers,
    maxW: powers,
  });
  db.close();
});

test('a rail that was absent for a while has no points there', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const samples = steadySamples(3000).map((sample, i) =>
    i < 1000 ? { ...sample, energyJ: { cpu: 1 } } : sample,
  );
  store(db, run, samples);
  const { cpu, gpu } = readSeries(db, run, { points: 1500 });
  expect(cpu!.tS[0]).toBe(0);
  expect(gpu!.tS[0]).toBe(1);
  db.close();
});

test('samples are stored each second and when a trial ends, not only when the writer is closed', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const writer = createSampleWriter(db, run);
  const samples = Array.from({ length: 30 }, (_, i) => ({
    startS: i / 10,
    endS: (i + 1) / 10,
    energyJ: { cpu: i },
  }));
  writer.push(samples.slice(0, 9));
  expect(sampleExtent(db, run)).toBeUndefined();
  writer.push(samples.slice(9, 14));
  expect(sampleExtent(db, run)).toEqual({ samples: 10, startS: 0, endS: 1 });
  writer.flush();
  expect(sampleExtent(db, run)).toEqual({ samples: 14, startS: 0, endS: 1.4 });
  writer.push(samples.slice(14));
  writer.close();
  writer.close();
  expect([...readSamples(db, run)]).toEqual(samples);
  // They were put into one chunk, although they came in portions.
  expect(db.prepare('SELECT count(*) FROM sample_chunk').pluck().get()).toBe(1);
  db.close();
});

test('samples of a span are those that overlap it', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const samples = steadySamples(4000);
  store(db, run, samples);
  expect([...readSamples(db, run, { startS: 1.0005, endS: 1.0025 })]).toEqual(samples.slice(1000, 1003));
  expect([...readSamples(db, run, { startS: 9, endS: 10 })]).toEqual([]);
  db.close();
});

test('the database can be used while samples are read', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  store(db, run, steadySamples(2100));
  let count = 0;
  for (const sample of readSamples(db, run)) {
    if (sample.startS === 0) newRun();
    count += 1;
  }
  expect(count).toBe(2100);
  db.close();
});

test('what could not be stored is stored at the next try', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const samples = steadySamples(5000);
  const writer = createSampleWriter(db, run);
  writer.push(samples.slice(0, 500));
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  expect(labErrorOf(() => writer.push(samples.slice(500))).kind).toBe('disk-full');
  expect(labErrorOf(() => writer.flush()).kind).toBe('disk-full');
  db.pragma('max_page_count = 1000000');
  writer.close();
  expect([...readSamples(db, run)]).toEqual(samples);
  for (let level = 1; level <= TOP_LEVEL; level++) checkLevel(bucketsOf(db, run, level), samples);
  db.close();
});

test('a sample without length is not stored, and a closed writer takes none', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  const writer = createSampleWriter(db, run);
  writer.push([
    { startS: 1, endS: 1, energyJ: { cpu: 1 } },
    { startS: 2, endS: 1, energyJ: { cpu: 1 } },
    { startS: NaN, endS: 3, energyJ: { cpu: 1 } },
  ]);
  writer.close();
  expect(sampleExtent(db, run)).toBeUndefined();
  expect(readSeries(db, run, { points: 10 })).toEqual({});
  expect(() => writer.push([])).toThrow('is closed');
  db.close();
});

test('samples that are not what they should be are damage', () => {
  const { db, newRun } = fresh();
  const run = newRun();
  store(db, run, steadySamples(200));
  db.exec("UPDATE sample_chunk SET data = x'ff'; UPDATE sample_level SET data = x'00000000'");
  expect(labErrorOf(() => [...readSamples(db, run)]).kind).toBe('database-damaged');
  expect(labErrorOf(() => readSeries(db, run, { points: 2 })).kind).toBe('database-damaged');
  db.close();
});

test('the levels are what their description says', () => {
  expect(LEVEL_SAMPLES.map((samples) => samples / 64)).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
});
