import { expect, onTestFinished, test } from 'vitest';
import { profileFromRun } from '#core/runProfile';
import { parseRunRequest, planOf } from '#core/runRequest';
import { openForWriting } from '../store/database.ts';
import { putMeasuredProfile } from '../store/profiles.ts';
import { createRun, updateRun } from '../store/runs.ts';
import { bundleFolder, seed } from '../store/seed.ts';
import type { WriteDb } from '../store/sqlite.ts';
import { putTrial } from '../store/trials.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { estimateRun } from './runEstimate.ts';

function seeded(): WriteDb {
  const db = openForWriting(temporaryFolder());
  onTestFinished(() => void db.close());
  seed(db, bundleFolder());
  return db;
}

const LIKE_THE_PAPER = { model: 'synthetic:llama-2-7b:F16', kvCache: false, sweep: 'paper' };
const estimate = (db: WriteDb, asked: object, mac: boolean) => {
  const request = parseRunRequest(asked);
  return estimateRun(db, request, planOf(request), mac);
};

test('a Mac on which nothing was measured has the published ones to be judged by, and that is said', () => {
  const found = estimate(seeded(), LIKE_THE_PAPER, true)!;
  expect(found.scaledFrom).toMatch(/^M1 Pro · Llama-2 7B/);
  // The paper's queries took 28 minutes once through on it; three trials and a warm-up of each are four times that.
  expect(found.seconds / (4 * 28 * 60)).toBeGreaterThan(0.5);
  expect(found.seconds / (4 * 28 * 60)).toBeLessThan(2);
  expect(found.mostSeconds).toBeGreaterThan(found.seconds);
});

test('any other computer has nothing to be judged by: only what the plan takes at the least is told', () => {
  const found = estimate(seeded(), LIKE_THE_PAPER, false);
  expect(found).toMatchObject({ onlyLeast: true });
  expect(found).not.toHaveProperty('energyJ');
  expect(estimate(seeded(), { ...LIKE_THE_PAPER, meter: 'estimate:10' }, false).energyJ).toBeGreaterThan(0);
});

test('what was measured here is preferred, and the same run to what follows from another', () => {
  const db = seeded();
  const request = parseRunRequest({ model: 'synthetic:tiny', sweep: '8,32 64,32 32,8' });
  const run = madeRun({ request, plan: planOf(request), state: 'done' });
  createRun(db, run);
  const cells = [
    { m: 8, n: 32, runtimeS: 1 },
    { m: 64, n: 32, runtimeS: 2 },
    { m: 32, n: 8, runtimeS: 0.5 },
  ];
  const trials = cells.map((cell, index) => madeTrial({ index, ...cell }));
  for (const trial of trials) putTrial(db, run.id, trial);
  updateRun(db, run.id, { state: 'done' });
  const profile = profileFromRun(run, trials)!;
  putMeasuredProfile(db, profile, run.id);

  expect(estimate(db, request, true)).toEqual({ seconds: 5, energyJ: 30 });
  // Another meter may need other windows, and a stated power is another energy.
  expect(estimate(db, { ...request, meter: 'estimate:100' }, true)).toHaveProperty('mostSeconds');
  const other = estimate(db, { model: 'synthetic:tiny', sweep: '8,64' }, true)!;
  expect(other.mostSeconds).toBeGreaterThan(other.seconds);
  expect(estimate(db, LIKE_THE_PAPER, true)!.scaledFrom).toBe(profile.name);
});
