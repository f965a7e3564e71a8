import { expect, test } from 'vitest';
import type { ComparedPolicy, StudyComparison } from '#core/compareStudies';
import { DEFAULT_UNITS, type DisplayUnits } from '#core/displayUnits';
import { joules, seconds } from '#core/units';
import {
  changeText,
  energyCell,
  energyChangeText,
  energyColumn,
  pointsText,
  savingCell,
  settingText,
  thresholdCell,
} from './comparison.ts';

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
  expect(energyCell(policy, 'a', { title: '', decimals: 2, scale: { a: 1 / 3.6e6, b: 1 } })).toEqual({
    value: '2.50',
    interval: '2.40 to 2.75',
  });
  expect(savingCell(policy)).toEqual({ value: '3.4%', interval: '2.0% to 4.5%' });
  expect(thresholdCell(policy)).toEqual({ value: '25 & 55', interval: '20 to 28 & 50 to 62' });
  expect(energyCell(alone, 'b', { title: '', decimals: 1, scale: { a: 1, b: 1 / 3.6e6 } })).toEqual({
    value: '1.0',
    interval: '',
  });
  expect([thresholdCell(alone).value, savingCell(null).value]).toEqual(['–', '–']);
});

test('differences have their sign, and nothing is not called more or less', () => {
  expect([changeText(0.25), changeText(-0.001), changeText(0), changeText(1e-9), changeText(-1e-9)]).toEqual([
    '+25.0%',
    '−0.10%',
    '0.0%',
    '0.0%',
    '0.0%',
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

test('energies are in the unit and on the basis that were chosen, and so is their difference', () => {
  const row = {
    policy: 'large',
    axis: 'input',
    a: alone,
    b: policy,
    energyChange: 1.5,
    runtimeChange: null,
  } as const;
  const comparison = {
    policies: [row],
    sizes: { a: { queries: 1000, tokens: 36_000 }, b: { queries: 5000, tokens: 90_000 } },
  } as unknown as StudyComparison;
  const shown = (changes: Partial<DisplayUnits>): string[] => {
    const column = energyColumn(comparison, { ...DEFAULT_UNITS, ...changes });
    const cells = [energyCell(alone, 'a', column), energyCell(policy, 'b', column)];
    return [column.title, ...cells.map(({ value }) => value), energyChangeText(row, column)];
  };
  expect(shown({})).toEqual(['energy of the workload, kWh', '1.000', '2.500', '+150.0%']);
  expect(shown({ energy: 'Wh' })).toEqual(['energy of the workload, Wh', '1,000', '2,500', '+150.0%']);
  // 3.6 MJ over 1,000 queries are 3,600 J each; 9 MJ over 5,000 are 1,800 J.
  expect(shown({ basis: 'query', energy: 'J' })).toEqual(['energy per query, J', '3,600', '1,800', '−50.0%']);
  expect(shown({ basis: 'token' })).toEqual(['energy per token, J', '100.0', '100.0', '0.0%']);
});

test('settings are said in words', () => {
  expect(settingText('lambda', null)).toBe('not said');
  expect(settingText('minSaving', 0.01)).toBe('1.0%');
  expect(settingText('thresholds', 'every-integer')).toBe('every integer');
  expect(settingText('capacity', { arrivalRate: 2, devices: { small: 1, large: 2 } })).toBe(
    'arrivalRate 2, devices {"small":1,"large":2}',
  );
});
