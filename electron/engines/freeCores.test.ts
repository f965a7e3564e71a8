import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { coresFor, freeCores } from './freeCores.ts';

test.each([
  [2, 1, 2],
  [2, 0.9, 2],
  [2, 0.8, 1],
  [2, 0, 1],
  [8, 0.5, 4],
  [1, 1, 1],
])('%i cores of which %f are idle are %i', (cores, idleShare, free) => {
  expect(coresFor(cores, idleShare)).toBe(free);
});

test('this computer has between one free core and all of them', async () => {
  const free = await freeCores();
  expect(free).toBeGreaterThanOrEqual(1);
  expect(free).toBeLessThanOrEqual(availableParallelism());
});
