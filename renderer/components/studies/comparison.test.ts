import { expect, test } from 'vitest';
import type { ComparedPolicy } from '#core/compareStudies';
import { joules, seconds } from '#core/units';
import { changeText, energyCell, pointsText, savingCell, settingText, thresholdCell } from './comparison.ts';

const policy: ComparedPolicy = {
  policy: 'threshold-both',
  threshold: 25,
  outputThreshold: 55,
  energyJ: joules(2.5 * 3.6e6),
  runtimeS: seconds(1),
  cost: 1,
  saving: { vsBestSingle: 0.034, vsLarge: 0.034, vsSmall: 0.1 },
  intervals95: {
    energyJ: [2.4 * 3.6e6, 2.75 * 3.6e6],
    runtimeS: [1, 1],
    saving: [0.02, 0.045],
    threshold: [20, 28],
    outputThreshold: [50, 62],
  },
};
const alone: ComparedPolicy = {
  policy: 'large',
  threshold: null,
  energyJ: joules(3.6e6),
  runtimeS: seconds(1),
  cost: 1,
  saving: { vsBestSingle: 0, vsLarge: 0, vsSmall: 0.1 },
};

test('each number has its interval, and a dash stands where there is none', () => {
  expect(energyCell(policy, 2)).toEqual({ value: '2.50', interval: '2.40 to 2.75' });
  expect(savingCell(policy)).toEqual({ value: '3.4%', interval: '2.0% to 4.5%' });
  expect(thresholdCell(policy)).toEqual({ value: '25 & 55', interval: '20 to 28 & 50 to 62' });
  expect(energyCell(alone, 1)).toEqual({ value: '1.0', interval: '' });
  expect([thresholdCell(alone).value, energyCell(null, 1).value]).toEqual(['–', '–']);
});

test('differences have their sign, and nothing is not called more or less', () => {
  expect([changeText(0.25), changeText(-0.001), changeText(0), changeText(1e-9), changeText(null)]).toEqual([
    '+25.0%',
    '−0.10%',
    '0.0%',
    '0.0%',
    '–',
  ]);
  const points = (a: ComparedPolicy | null, b: ComparedPolicy | null): string =>
    pointsText({ policy: 'large', axis: 'input', a, b, energyChange: null, runtimeChange: null });
  expect([points(alone, policy), points(policy, alone), points(alone, alone), points(null, alone)]).toEqual([
    '+3.4 pt',
    '−3.4 pt',
    '0 pt',
    '–',
  ]);
});

test('settings are said in words', () => {
  expect(settingText('lambda', null)).toBe('not said');
  expect(settingText('minSaving', 0.01)).toBe('1.0%');
  expect(settingText('thresholds', 'every-integer')).toBe('every integer');
  expect(settingText('capacity', { arrivalRate: 2, devices: { small: 1, large: 2 } })).toBe(
    'arrivalRate 2, devices {"small":1,"large":2}',
  );
});
