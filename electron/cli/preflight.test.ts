import { expect, test } from 'vitest';
import type { RunPreview } from '#core/activeRun';
import type { Check } from '#core/preflight';
import { makePlan } from '#core/sweep';
import { planLines, preflight } from './preflight.ts';

const check = (changes: Partial<Check>): Check => ({
  id: 'background',
  verdict: 'ok',
  title: 'Background',
  message: 'nothing',
  ...changes,
});
const BUSY = check({ verdict: 'warning', message: 'other programs use 3 of 4 cores', todo: 'Close some.' });
const FULL = check({
  id: 'disk',
  verdict: 'stop',
  title: 'Disk',
  message: '0.1 GB free',
  todo: 'Make room.',
  kind: 'disk-full',
});
const METER = check({
  id: 'meter',
  verdict: 'stop',
  title: 'Meter',
  message: 'No meter works here.',
  kind: 'meter-missing',
});

const PREVIEW: RunPreview = {
  plan: makePlan('quick', { seed: 7 }),
  checks: [],
  tried: [{ kind: 'rapl', why: 'There are no counters here.' }],
  model: { name: 'Tiny', toBeMade: false },
  estimate: { seconds: 130, energyJ: 470 },
};

async function looked(checks: Check[], ignore = false): Promise<string[]> {
  const said: string[] = [];
  await preflight(
    { preview: () => Promise.resolve({ ...PREVIEW, checks }) },
    {},
    { say: (text) => void said.push(text), ignore },
  );
  return said;
}

test('warnings are said, what is fine is not', async () => {
  expect(await looked([check({}), BUSY])).toEqual([
    '  ! Background: other programs use 3 of 4 cores. Close some.',
  ]);
});

test('a stop ends it with its kind, which decides the exit code', async () => {
  await expect(looked([BUSY, FULL])).rejects.toMatchObject({
    kind: 'disk-full',
    message: 'Disk: 0.1 GB free. Nothing was started.',
    hint: 'Make room. To start all the same: --ignore-preflight.',
  });
  await expect(looked([METER, FULL])).rejects.toMatchObject({
    kind: 'meter-missing',
    message: 'No meter works here. rapl: There are no counters here. Nothing was started.',
  });
});

test('a stop that is to be ignored is said, and keeps nothing from starting', async () => {
  expect(await looked([BUSY, FULL, METER], true)).toEqual([
    '  ! Background: other programs use 3 of 4 cores. Close some.',
    '  ! Disk: 0.1 GB free. Make room.',
    '  ! Meter: No meter works here.',
  ]);
});

test('the plan, its time and its energy are told before anything starts', () => {
  expect(planLines(PREVIEW)).toEqual([
    'plan: 11 cells, 3 to 5 trials each, to ±5%, in a random order of seed 7',
    'model: Tiny',
    'time: about 2 min, judged by earlier runs',
    'energy: about 470 J',
  ]);
  const stated: RunPreview = {
    ...PREVIEW,
    model: { name: 'Tiny', bytes: 22e6, toBeMade: true },
    meter: {
      kind: 'estimate',
      name: 'estimate, 15 W',
      estimate: true,
      boundary: 'soc',
      rails: ['cpu'],
      counters: false,
    },
    estimate: { seconds: 130, energyJ: 250, onlyLeast: true },
  };
  expect(planLines(stated).slice(1)).toEqual([
    'model: Tiny, 22 MB, made up on this disk once',
    'time: more than 2 min; how much is known after the first trials',
    'energy: more than 250 J, an estimate',
  ]);
  expect(planLines({ ...PREVIEW, estimate: { seconds: 30, onlyLeast: true } }).slice(2)).toEqual([
    'time: known after the first trials',
    'energy: known after the first trials',
  ]);
});
