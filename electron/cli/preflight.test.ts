import { expect, test } from 'vitest';
import type { RunPreview } from '#core/activeRun';
import type { Check } from '#core/preflight';
import { makePlan } from '#core/sweep';
import { preflight } from './preflight.ts';

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

async function looked(checks: Check[], ignore = false): Promise<string[]> {
  const said: string[] = [];
  const preview: RunPreview = {
    plan: makePlan('quick', { seed: 1 }),
    checks,
    tried: [{ kind: 'rapl', why: 'There are no counters here.' }],
    model: { name: 'Tiny', toBeMade: false },
  };
  await preflight(
    { preview: () => Promise.resolve(preview) },
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
