import { expect, test } from 'vitest';
import { makePlan } from '#core/sweep';
import { madeTrial } from '../test/madeRun.ts';
import { remaining } from './timeLeft.ts';

const plan = makePlan('8,11 64,11', { seed: 1, idleS: 10 });
/** Queries of 1 s and a first token after 0.1 s, at 10 W, 2 s apart. */
const trial = (index: number, changes = {}) =>
  madeTrial({ index, n: 11, startS: index * 3, endS: index * 3 + 1, firstTokenS: 0.1, ...changes });

test('before the first trial nothing is known', () => {
  expect(remaining(plan, [], true)).toBeUndefined();
});

test('after the first trial, what one of both cells took tells the rest', () => {
  // The warm-up of one cell: 3 trials of 1 s of it are left at least, and 4 of the other, whose prefill of eight times
  // the tokens makes its queries 1.7 s; 0.5 s lie around each.
  const left = remaining(plan, [trial(0, { flags: ['warm-up'] })], true)!;
  expect(left.seconds).toBeCloseTo(10 + 3 * 1.5 + 4 * 2.2, 9);
  expect(left.energyJ).toBeCloseTo(3 * 10 + 4 * 17, 9);
});

test('what lies between the windows is learnt, and a cell that is done takes no more', () => {
  const made = [trial(0, { flags: ['warm-up'] }), trial(1), trial(2), trial(3)];
  const left = remaining(plan, made, true)!;
  expect(left.seconds).toBeCloseTo(10 + 4 * (1.7 + 2), 9);
  expect(left.energyJ).toBeCloseTo(4 * 17, 9);
});

test('windows of several queries stay as long as they were', () => {
  const short = { runtimeS: 0.1, firstTokenS: 0.01, repeats: 20, energyJ: { gpu: 1 } };
  const left = remaining(
    makePlan('8,11', { seed: 1, idleS: 10 }),
    [trial(0, { ...short, endS: 2.5 }), trial(1, { ...short, startS: 3, endS: 5.5 })],
    true,
  )!;
  // Two of three valid trials, and as many warm-ups as were made: one more of 2.5 s at 10 W, 0.5 s apart.
  expect(left.seconds).toBeCloseTo(10 + 1 * (2.5 + 0.5), 9);
  expect(left.energyJ).toBeCloseTo(25, 9);
});

test('without any energy there is none to come', () => {
  expect(remaining(plan, [trial(0, { energyJ: {} })], true)!.energyJ).toBeUndefined();
});
