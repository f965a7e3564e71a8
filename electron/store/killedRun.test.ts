import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { madeRun } from '../test/madeRun.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { openForWriting } from './database.ts';
import { findRun, markInterrupted } from './runs.ts';
import { readSamples, readSeries, sampleExtent } from './sampleReader.ts';
import { createSampleWriter } from './samples.ts';
import { listTrials } from './trials.ts';

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/writeRun.ts');
});
afterAll(() => program.remove());

/** Lets the program store trials, and kills it in the middle of the one after; returns the last it told of. */
async function killAfter(folder: string, trials: number, pause: number): Promise<number> {
  const child = spawn(process.execPath, [program.file, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let told = -1;
  let seen = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== 'ready') told = Number(line);
    seen += 1;
    // The pause only moves the moment within the next trial; whatever it is, the same must hold.
    if (seen === trials) setTimeout(() => child.kill('SIGKILL'), pause);
  });
  await ended;
  return told;
}

test('a program killed at any moment loses no completed trial, and the next one goes on', async () => {
  const folder = temporaryFolder();
  const { id } = madeRun();
  let told = -1;
  for (let kill = 0; kill < 6; kill++) {
    told = Math.max(told, await killAfter(folder, 1 + kill, Math.random() * 20));
    const db = openForWriting(folder);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(findRun(db, id)?.state).toBe('running');
    expect(markInterrupted(db)).toEqual([id]);

    const trials = listTrials(db, id);
    // Each once and none missing; what was stored may not have been told any more.
    expect(trials.map(({ index }) => index)).toEqual(trials.map((_, index) => index));
    expect(trials.length).toBeGreaterThan(told);
    for (const { startS, endS } of trials) {
      let coveredS = 0;
      for (const sample of readSamples(db, id, { startS, endS })) coveredS += sample.endS - sample.startS;
      expect(coveredS).toBeCloseTo(endS - startS, 9);
    }
    db.close();
  }
  expect(told).toBeGreaterThanOrEqual(0);

  const db = openForWriting(folder);
  createSampleWriter(db, id).close();
  let energyJ = 0;
  let samples = 0;
  for (const sample of readSamples(db, id)) {
    energyJ += sample.energyJ.cpu!;
    samples += 1;
  }
  expect(sampleExtent(db, id)?.samples).toBe(samples);
  // The means of a series are over measured time, so the energy is their sum over it: 1 ms a sample.
  const { tS, endS, minW, meanW, maxW } = readSeries(db, id, { points: samples }).cpu!;
  expect(meanW.reduce((sum, mean, i) => sum + mean * (endS[i]! - tS[i]!), 0)).toBeCloseTo(energyJ, 6);
  expect(minW).toEqual(maxW);
  db.close();
});
