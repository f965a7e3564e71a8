import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { companionForIoreport } from './companion.ts';
import { estimateMeter } from './estimate.ts';
import { createPowerSession, type PowerSession } from './powerSession.ts';

const none = createPowerSession({ platform: 'linux' });
const [first, second] = [estimateMeter(1), estimateMeter(2)];
const missing = (): Promise<never> => Promise.reject(new LabError('meter-missing', 'None.'));

test('what the user has allowed comes first, then the first that works', async () => {
  const allowed: PowerSession = { ...none, meter: () => first };
  expect(await companionForIoreport(allowed, [() => Promise.resolve(second)])).toBe(first);
  expect(await companionForIoreport(none, [missing, () => Promise.resolve(second)])).toBe(second);
});

test('without any there is none, and a fault of ours is not hidden', async () => {
  expect(await companionForIoreport(none, [missing, missing])).toBeUndefined();
  await expect(companionForIoreport(none, [() => Promise.reject(new Error('a bug'))])).rejects.toThrow(
    'a bug',
  );
});
