import { expect, test } from 'vitest';
import { madeTrial } from '../test/madeRun.ts';
import { countTrials, trialFate } from './trial.ts';

test('a warm-up is flagged by plan, and counted apart from what went wrong', () => {
  const trials = [
    madeTrial({ index: 0, flags: ['warm-up'] }),
    madeTrial({ index: 1, flags: ['warm-up', 'coverage-below-95'] }),
    madeTrial({ index: 2, flags: ['coverage-below-95'] }),
    madeTrial({ index: 3, flags: ['warm-up'], fault: '4 of 8 tokens' }),
    madeTrial({ index: 4 }),
  ];
  expect(trials.map(trialFate)).toEqual(['flagged', 'flagged', 'flagged', 'dropped', 'valid']);
  expect(countTrials(trials)).toEqual({ valid: 1, warmUps: 2, flagged: 1, dropped: 1 });
});
