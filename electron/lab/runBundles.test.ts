/** Run bundles, from one real database to another. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { looksLikeRunBundle } from '#core/runBundle';
import { parseRunRequest } from '#core/runRequest';
import type { Trial } from '#core/trial';
import { listProfiles, profileOfRun } from '../store/profiles.ts';
import { makeRunBundle } from '../store/runBundle/write.ts';
import { findRun, listRuns, updateRun } from '../store/runs.ts';
import { listTrials } from '../store/trials.ts';
import { edit, everything, flip, forged, fresh, rowsIn, saved, stored, TRIALS } from '../test/madeBundle.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { someSamples, steadySamples } from '../test/madeSamples.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { importRunBundles } from './runBundles.ts';

test('a run goes from one computer to another as it is: run, trials, events, samples, profile, hashes', () => {
  const trialsOf = fc.array(
    fc.record({
      energyJ: fc.record({
        cpu: fc.double({ min: 0.1, max: 1e3, noNaN: true }),
        gpu: fc.double({ noNaN: true, min: -1, max: 1e4 }),
      }),
      runtimeS: fc.double({ min: 1e-6, max: 1e4, noNaN: true }),
      flags: fc.constantFrom<Trial['flags']>([], [], ['warm-up']),
    }),
    { maxLength: 6 },
  );
  const home = fresh();
  const away = fresh();
  fc.assert(
    fc.property(someSamples, trialsOf, fc.string(), fc.boolean(), (samples, parts, note, stopped) => {
      try {
        const run = madeRun({ state: stopped ? 'paused' : 'done', note, request: undefined });
        stored(home, {
          run,
          trials: parts.map((part, index) => madeTrial({ index, ...part })),
          samples: samples.filter(({ startS, endS }) => endS > startS),
        });
        const { bytes, manifest } = makeRunBundle(home, run.id)!;
        const file = saved(bytes);
        expect(importRunBundles(away, [file]).warnings).toEqual([]);
        expect(everything(away, run.id)).toEqual(everything(home, run.id));
        const again = makeRunBundle(away, run.id)!;
        expect(again.manifest).toEqual(manifest);
        expect(Buffer.compare(again.bytes, bytes)).toBe(0);
      } finally {
        for (const db of [home, away]) db.exec('DELETE FROM run; DELETE FROM content');
      }
    }),
    { numRuns: 12 },
  );
});

test('what was asked for stays at home: it may name files of this computer', () => {
  const home = fresh();
  const request = parseRunRequest({ model: '/home/jane/secret.gguf' });
  const { id } = stored(home, { run: madeRun({ state: 'done', request }) });
  const { bytes } = makeRunBundle(home, id)!;
  expect(
    Object.values(unzipSync(bytes))
      .map((entry) => Buffer.from(entry).toString('latin1'))
      .join(),
  ).not.toContain('secret');
  const away = fresh();
  importRunBundles(away, [saved(bytes)]);
  expect(findRun(away, id)).not.toHaveProperty('request');
  // Back at home it is the run that is there already, and what was asked for is still known.
  expect(importRunBundles(home, [saved(bytes)]).runs[0]!.already).toBe(true);
  expect(findRun(home, id)!.request).toBeDefined();
});

test('the same run is recognised, under a new name too; another run with its id is refused', () => {
  const home = fresh();
  const run = stored(home);
  const file = saved(makeRunBundle(home, run.id)!.bytes);
  const before = rowsIn(home);
  updateRun(home, run.id, { name: 'My run', note: 'mine' });
  expect(importRunBundles(home, [file]).runs).toEqual([
    {
      file: 'run.crossover-run.zip',
      run: run.id,
      already: true,
      shard: null,
      trials: 4,
      samples: 5000,
      profile: profileOfRun(home, run.id),
    },
  ]);
  expect(findRun(home, run.id)!.name).toBe('My run');
  expect(rowsIn(home)).toEqual(before);

  const other = fresh();
  stored(other, { trials: TRIALS.slice(1).map((trial, index) => ({ ...trial, index })) });
  const error = labErrorOf(() => importRunBundles(other, [file]));
  expect(error.kind).toBe('incompatible');
  expect(error.message).toContain('another run with that id is here already');
  expect(listTrials(other, run.id)).toHaveLength(3);
});

test('a run that is under way is not exported', () => {
  const db = fresh();
  const run = stored(db, { run: madeRun({ state: 'running' }) });
  expect(labErrorOf(() => makeRunBundle(db, run.id)).message).toContain('is under way');
  expect(makeRunBundle(db, 'none')).toBeUndefined();
});

test('a bundle is told by its first bytes', () => {
  const db = fresh();
  const { bytes } = makeRunBundle(db, stored(db).id)!;
  expect(looksLikeRunBundle(bytes.subarray(0, 64))).toBe(true);
  expect(looksLikeRunBundle(bytes.subarray(0, 40))).toBe(false);
  expect(looksLikeRunBundle(zipSync({ 'manifest.json': strToU8('{}') }))).toBe(false);
  expect(looksLikeRunBundle(strToU8('m,n\n8,32\n'))).toBe(false);
  expect(looksLikeRunBundle(new Uint8Array())).toBe(false);
});

test('a hundred thousand samples take few bytes', () => {
  const db = fresh();
  const { bytes } = makeRunBundle(db, stored(db, { samples: steadySamples(100_000) }).id)!;
  expect(bytes.length / 100_000).toBeLessThan(8);
});

test('several files are imported together or not at all', () => {
  const home = fresh();
  const one = stored(home, { run: madeRun({ id: 'run-one', state: 'done' }) });
  const two = stored(home, { run: madeRun({ id: 'run-two', state: 'done' }) });
  const files = [one, two].map(({ id }) => saved(makeRunBundle(home, id)!.bytes, `${id}.zip`));
  const broken = saved(forged(flip('samples.bin', 9), { honest: false }), 'broken.zip');
  const away = fresh();
  expect(labErrorOf(() => importRunBundles(away, [...files, broken])).message).toMatch(/^broken\.zip /);
  expect(listRuns(away)).toEqual([]);
  const checked = importRunBundles(away, files, { check: true });
  expect(checked.runs.map(({ run, already }) => [run, already])).toEqual([
    ['run-one', false],
    ['run-two', false],
  ]);
  expect(listRuns(away)).toEqual([]);
  expect(importRunBundles(away, files)).toEqual(checked);
  expect(listRuns(away)).toHaveLength(2);
  expect(listProfiles(away).map(({ kind }) => kind)).toEqual(['imported', 'imported']);
});

test('a profile that is not what its trials give is kept as it came, and said to be', () => {
  const db = fresh();
  const file = saved(forged(edit('profile.json', (text) => text.replace('"m":8', '"doubt":"none","m":8'))));
  expect(importRunBundles(db, [file]).warnings).toEqual([
    'The profile in run.crossover-run.zip is not what this version of Crossover makes of its trials; it was kept as it came.',
  ]);
});

test.skipIf(process.platform === 'win32')('what is not there, no file, or a pipe is no bundle', () => {
  const folder = temporaryFolder();
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const file of [path.join(folder, 'none.zip'), folder, pipe]) {
    expect(labErrorOf(() => importRunBundles(fresh(), [file])).kind).toBe('file-not-readable');
  }
  expect(labErrorOf(() => importRunBundles(fresh(), [])).kind).toBe('bad-setting');
});
